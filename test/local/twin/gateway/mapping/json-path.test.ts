import { describe, expect, test } from 'vitest';
import { readJsonPath } from '../../../../../local/twin/gateway/mapping/json-path.ts';

const json = { a: { b: [{ c: 1 }, { c: 2 }], 'd e': 'x' }, list: ['p', 'q'], none: null };

describe('readJsonPath', () => {
  test.each<[string, unknown]>([
    ['$', json],
    ['$.a.b[1].c', 2],
    ["$['a']['d e']", 'x'],
    ['$["list"][0]', 'p'],
    ['$.none', null],
    ['a.b[0].c', 1],
    ['$.missing', undefined],
    ['$.list.length', undefined],
    ['$.a.toString', undefined],
    ['$.a.b[9].c', undefined],
    ['$.a.b[*].c', [1, 2]],
    ['$..c', [1, 2]],
    ['$.a.b[?(@.c > 1)].c', [2]],
    ['$.nothing[*]', []],
  ])('%s', (path, expected) => {
    expect(readJsonPath(json, path)).toEqual(expected);
  });

  test('finds nothing in what is no object', () => {
    expect(readJsonPath('text', '$.a')).toBeUndefined();
    expect(readJsonPath('text', '$..a')).toEqual([]);
    expect(readJsonPath('text', '$')).toBe('text');
  });

  test('runs no code in a filter', () => {
    expect(() => readJsonPath(json, '$.list[?(globalThis.process.exit())]')).toThrow();
  });
});
