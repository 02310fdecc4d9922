import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePercent } from '../../../../../local/twin/gateway/model/percent-decoding.ts';

describe('decodePercent', () => {
  test.each([
    ['plain', 'plain'],
    ['a%20b', 'a b'],
    ['a+b', 'a+b'],
    ['%C3%A9', 'é'],
    ['a%2Fb', 'a/b'],
    ['%252F', '%2F'],
  ])('decodes %s once', (text, decoded) => {
    expect(decodePercent(text)).toBe(decoded);
  });

  test.each(['%', '%2', '%zz', '%C3', '%FF%FE', 'a%E0%A4%A'])('answers undefined to the broken %s', (text) => {
    expect(decodePercent(text)).toBeUndefined();
  });

  test('undoes any encoding, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodePercent(encodeURIComponent(text))).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        decodePercent(text);
      }),
    );
  });
});
