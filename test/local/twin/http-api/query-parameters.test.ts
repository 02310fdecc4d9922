import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedParameters, parseQueryParameters } from '../../../../local/twin/http-api/query-parameters.ts';

describe('parseQueryParameters', () => {
  it('keeps every value, decodes once, and takes a plus for a space', () => {
    expect({ ...parseQueryParameters('a=1&a=2&b=x+y%2B&c&&d=%2525') }).toEqual({
      a: ['1', '2'],
      b: ['x y+'],
      c: [''],
      d: ['%25'],
    });
  });

  it('reads what a browser writes', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string({ unit: 'grapheme' }))), (pairs) => {
        const parsed = parseQueryParameters(new URLSearchParams(pairs).toString()) ?? {};
        for (const [key] of pairs) {
          expect(parsed[key]).toEqual(pairs.filter(([other]) => other === key).map(([, value]) => value));
        }
      }),
    );
  });

  it.each(['%', 'a=%zz', '%E0%A4%A=1'])('fails on the broken encoding of %s', (text) => {
    expect(parseQueryParameters(text)).toBeUndefined();
  });
});

describe('joinedParameters', () => {
  it('joins by commas, and is undefined without parameters', () => {
    expect({ ...joinedParameters({ a: ['1', '2'], b: [''] }) }).toEqual({ a: '1,2', b: '' });
    expect(joinedParameters({})).toBeUndefined();
  });
});
