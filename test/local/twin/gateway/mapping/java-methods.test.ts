import { describe, expect, test } from 'vitest';
import { callMethod } from '../../../../../local/twin/gateway/mapping/java-methods.ts';

describe('callMethod', () => {
  test.each<[unknown, string, unknown[], unknown]>([
    ['abc', 'length', [], 3],
    ['abc', 'contains', ['b'], true],
    ['abc', 'equals', ['abc'], true],
    ['aBc', 'equalsIgnoreCase', ['AbC'], true],
    ['abc', 'substring', [1], 'bc'],
    ['abc', 'substring', [1, 2], 'b'],
    ['a.b.c', 'replace', ['.', '$&'], 'a$&b$&c'],
    ['a1b22', 'replaceAll', ['(\\d+)', '<$1>'], 'a<1>b<22>'],
    ["it\\'s", 'replaceAll', ["\\\\'", "'"], "it's"],
    ['a1b2', 'replaceFirst', ['\\d', 'x'], 'axb2'],
    ['a,b,,', 'split', [','], ['a', 'b']],
    ['abc', 'matches', ['a.'], false],
    ['abc', 'matches', ['a.+'], true],
    ['', 'isEmpty', [], true],
    [[1, 2], 'size', [], 2],
    [[1, 2], 'contains', [2], true],
    [[{ a: 1 }], 'contains', [{ a: 1 }], true],
    [[1, 2, 3], 'subList', [1, 3], [2, 3]],
    [{ a: 1 }, 'containsKey', ['a'], true],
    [{ a: 1 }, 'containsKey', ['toString'], false],
    [{ a: 1 }, 'get', ['__proto__'], undefined],
    [{ a: 1 }, 'getOrDefault', ['b', 2], 2],
    [{ a: 1 }, 'entrySet', [], [{ key: 'a', value: 1 }]],
    [{ key: 'a', value: 1 }, 'getValue', [], 1],
    [{ a: 1 }, 'isEmpty', [], false],
    [7, 'toString', [], '7'],
    [null, 'anything', [], undefined],
  ])('%j.%s(%j) is %j', (base, name, args, expected) => {
    expect(callMethod(base, name, args)).toEqual(expected);
  });

  test('puts a key of any name into a map without touching its prototype', () => {
    const map: Record<string, unknown> = {};
    callMethod(map, 'put', ['__proto__', { admin: true }]);
    expect((map as { admin?: boolean }).admin).toBeUndefined();
    expect(Object.keys(map)).toEqual(['__proto__']);
  });
});
