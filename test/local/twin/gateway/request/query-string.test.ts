import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQueryString } from '../../../../../local/twin/gateway/request/query-string.ts';

describe('parseQueryString', () => {
  test.each([
    ['', {}],
    ['a=1', { a: ['1'] }],
    ['a=1&a=2', { a: ['1', '2'] }],
    ['a', { a: [''] }],
    ['a=', { a: [''] }],
    ['a=b=c', { a: ['b=c'] }],
    ['a=1;b=2', { a: ['1'], b: ['2'] }],
    ['&&a=1&', { a: ['1'] }],
    ['a+b=c+d', { 'a b': ['c d'] }],
    ['a=%2B%26', { a: ['+&'] }],
    ['%C3%A9=%C3%A9', { é: ['é'] }],
  ])('reads %s', (text, multi) => {
    const parsed = parseQueryString(text);
    expect({ ...parsed?.multi }).toEqual(multi);
    expect({ ...parsed?.single }).toEqual(
      Object.fromEntries(Object.entries(multi).map(([name, values]) => [name, (values as string[]).at(-1)])),
    );
  });

  test.each(['a=%', '%zz=1', 'a=1&b=%C3'])('answers undefined to the broken %s', (text) => {
    expect(parseQueryString(text)).toBeUndefined();
  });

  test('reads whatever was encoded', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 8 }), (pairs) => {
        const query = pairs
          .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
          .join('&');
        const expected = new Map<string, string[]>();
        for (const [name, value] of pairs) expected.set(name, [...(expected.get(name) ?? []), value]);
        expect(new Map(Object.entries(parseQueryString(query)?.multi ?? {}))).toEqual(expected);
      }),
    );
  });
});
