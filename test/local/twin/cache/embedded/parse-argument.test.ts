import { describe, expect, it } from 'vitest';
import {
  parseExpiry,
  parseFloat64,
  parseInt64,
  parsePositiveExpiry,
  parseScoreBound,
} from '../../../../../local/twin/cache/embedded/parse-argument.ts';

describe('parseInt64', () => {
  it.each(['0', '-1', '9223372036854775807', '-9223372036854775808'])('takes %s', (text) => {
    expect(parseInt64(text)).toBe(BigInt(text));
  });

  it.each(['', '-', '-0', '+1', '01', '1.0', ' 1', '1e3', '0x1', '9223372036854775808', '-9223372036854775809'])(
    "fails on '%s'",
    (text) => {
      expect(() => parseInt64(text)).toThrow('ERR value is not an integer or out of range');
    },
  );
});

describe('parseFloat64', () => {
  it.each([
    ['1', 1],
    ['+1.5', 1.5],
    ['-.5', -0.5],
    ['1.', 1],
    ['1e-3', 0.001],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
  ])('takes %s', (text, value) => {
    expect(parseFloat64(text)).toBe(value);
  });

  it.each(['', '.', 'e1', 'nan', '0x10', ' 1', '1 ', '1,5'])("fails on '%s'", (text) => {
    expect(() => parseFloat64(text)).toThrow('ERR value is not a valid float');
  });
});

describe('parseScoreBound', () => {
  it('takes a parenthesis for "not this one"', () => {
    expect(parseScoreBound('(1.5')).toEqual({ score: 1.5, isExclusive: true });
    expect(parseScoreBound('-inf')).toEqual({ score: -Infinity, isExclusive: false });
  });

  it.each(['', '(', '((1', '[1'])("fails on '%s'", (text) => {
    expect(() => parseScoreBound(text)).toThrow('ERR min or max is not a float');
  });
});

describe('parseExpiry', () => {
  it('adds durations to now and takes times as they are', () => {
    expect(parseExpiry('2', 'EX', 1_000, 'x')).toBe(3_000);
    expect(parseExpiry('2', 'PX', 1_000, 'x')).toBe(1_002);
    expect(parseExpiry('2', 'EXAT', 1_000, 'x')).toBe(2_000);
    expect(parseExpiry('-2', 'PXAT', 1_000, 'x')).toBe(-2);
  });

  it('fails on times beyond 64 bits, and on zero where it must be positive', () => {
    expect(() => parseExpiry('9223372036854775807', 'PX', 1, 'set')).toThrow(
      "ERR invalid expire time in 'set' command",
    );
    expect(() => parsePositiveExpiry('0', 'PX', 1, 'set')).toThrow("ERR invalid expire time in 'set' command");
    expect(parsePositiveExpiry('1', 'PX', 1, 'set')).toBe(2);
  });
});
