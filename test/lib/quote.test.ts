import { describe, expect, it } from 'vitest';
import { quote } from '../../lib/quote.ts';

describe('quote', () => {
  it.each([
    ['4', "'4'"],
    [4, '4'],
    [Number.NaN, 'NaN'],
    [undefined, 'undefined'],
    [null, 'null'],
    [[1, '2'], "[ 1, '2' ]"],
    [{}, '{}'],
    [{ a: { b: 1 } }, '{ a: [Object] }'],
  ])('shows %o on one line, as what it is', (value, text) => {
    expect(quote(value)).toBe(text);
  });
});
