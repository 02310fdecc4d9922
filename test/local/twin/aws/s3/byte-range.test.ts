import { describe, expect, it } from 'vitest';
import { byteRange } from '../../../../../local/twin/aws/s3/byte-range.ts';

describe('byteRange', () => {
  it.each<[string | undefined, { from: number; to: number } | undefined]>([
    [undefined, undefined],
    ['bytes=0-0', { from: 0, to: 1 }],
    ['bytes=2-', { from: 2, to: 10 }],
    ['bytes=-3', { from: 7, to: 10 }],
    ['bytes=-99', { from: 0, to: 10 }],
    ['bytes=8-99', { from: 8, to: 10 }],
    ['bytes=5-4', undefined],
    ['bytes=0-1,4-5', undefined],
    ['lines=1-2', undefined],
    ['bytes=-', undefined],
  ])('of ten bytes %s is %j', (header, expected) => {
    expect(byteRange(header, 10)).toEqual(expected);
  });

  it.each([
    ['bytes=10-', 10],
    ['bytes=-0', 10],
    ['bytes=0-', 0],
  ])('fails on %s of %i bytes', (header, size) => {
    expect(() => byteRange(header, size)).toThrow('The requested range is not satisfiable');
  });
});
