import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDecimals, formatLuaNumber, formatScore } from '../../../../../local/twin/cache/embedded/format-number.ts';

describe('formatScore', () => {
  it.each([
    [1, '1'],
    [-0.5, '-0.5'],
    [0.1, '0.1'],
    [-0, '-0'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
  ])('writes %d as %s', (value, text) => {
    expect(formatScore(value)).toBe(text);
  });
});

describe('formatLuaNumber', () => {
  it.each([
    [5, '5'],
    [9007199254740991, '9007199254740991'],
    [0.1, '0.10000000000000001'],
    [-1 / 3, '-0.33333333333333331'],
    [123456789.125, '123456789.125'],
    [1e-7, '9.9999999999999995e-08'],
    [1e20, '1e+20'],
    [Number.NaN, 'nan'],
    [-Infinity, '-inf'],
  ])('writes %d as C prints it with 17 digits', (value, text) => {
    expect(formatLuaNumber(value)).toBe(text);
  });

  it('writes any number so that it reads back the same', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(formatLuaNumber(value)) === value).toBe(true);
      }),
    );
  });
});

describe('addDecimals', () => {
  it.each([
    ['0.1', '0.2', '0.3'],
    ['3.0', '1', '4'],
    ['-1', '0.25', '-0.75'],
    ['5e3', '-5000', '0'],
    ['1e-18', '0', '0'],
    ['9007199254740993', '0.5', '9007199254740993.5'],
  ])('adds %s and %s', (left, right, sum) => {
    expect(addDecimals(left, right)).toBe(sum);
  });

  it('has no sum with an infinity', () => {
    expect(addDecimals('1', 'inf')).toBeUndefined();
    expect(addDecimals('1e999', '1')).toBeUndefined();
  });
});
