import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addNumbers,
  canonicalNumber,
  compareNumbers,
  numberBytes,
  orderedNumber,
} from '../../../../../../local/twin/aws/dynamodb/values/decimal.ts';

/** Decimals of up to 38 digits, of all magnitudes, as BigInt and exponent. */
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }), fc.integer({ min: -130, max: 88 }))
  .map(([digits, exponent]) => canonicalNumber(`${digits}e${exponent}`))
  .filter((text) => text !== undefined);

/** Compares exactly: both as whole numbers of 1E-170. */
function exactly(left: string, right: string): bigint {
  const scaled = (text: string) => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(170, '0'));
  };
  return scaled(left) - scaled(right);
}

describe('canonical numbers', () => {
  for (const [text, canonical] of [
    ['0', '0'],
    ['-0', '0'],
    ['0.000', '0'],
    ['007', '7'],
    ['1.50', '1.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1e3', '1000'],
    ['-1.25E-2', '-0.0125'],
    [`1${'0'.repeat(125)}`, `1${'0'.repeat(125)}`],
    ['1'.repeat(38), '1'.repeat(38)],
  ] as const) {
    it(`write ${text.slice(0, 12)} as ${canonical.slice(0, 12)}`, () => {
      expect(canonicalNumber(text)).toBe(canonical);
    });
  }

  for (const text of [
    '',
    '-',
    '.',
    'a',
    '1e',
    '+1',
    '1 ',
    '0x1',
    'NaN',
    'Infinity',
    '1'.repeat(39),
    '1e126',
    '1e-131',
  ]) {
    it(`are not made of '${text.slice(0, 12)}'`, () => {
      expect(canonicalNumber(text)).toBeUndefined();
    });
  }
});

describe('numbers', () => {
  it('compare by value, and so do their keys', () => {
    fc.assert(
      fc.property(decimal, decimal, (left, right) => {
        const order = exactly(left, right);
        const sign = order < 0n ? -1 : order > 0n ? 1 : 0;
        expect(Math.sign(compareNumbers(left, right))).toBe(sign);
        const [leftKey, rightKey] = [`${orderedNumber(left)}\0\0`, `${orderedNumber(right)}\0\0`];
        expect(leftKey < rightKey ? -1 : leftKey > rightKey ? 1 : 0).toBe(sign);
      }),
    );
  });

  it('add and subtract exactly', () => {
    const small = fc
      .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: -18, max: 0 }))
      .map(([digits, exponent]) => canonicalNumber(`${digits}e${exponent}`) ?? '');
    fc.assert(
      fc.property(small, small, (left, right) => {
        const sum = addNumbers(left, right, 1) ?? '';
        expect(exactly(sum, left)).toBe(exactly(right, '0'));
        expect(addNumbers(sum, right, -1)).toBe(left);
      }),
    );
  });

  it('fail to add where the sum needs more than 38 digits', () => {
    expect(addNumbers('1', `1${'0'.repeat(37)}`, 1)).toBe(`1${'0'.repeat(36)}1`);
    expect(addNumbers('1', `1${'0'.repeat(38)}`, 1)).toBeUndefined();
  });

  it('take a byte for two digits, one for the exponent, and one for a minus', () => {
    expect(['0', '1', '-1', '12', '123'].map(numberBytes)).toEqual([1, 2, 3, 2, 3]);
  });
});
