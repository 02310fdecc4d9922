import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pixels } from '../../../../lambdas/adapters/media/image-codec.ts';
import { fittingSize, shrinkPixels } from '../../../../lambdas/workers/video/shrink-pixels.ts';

const RED = [200, 0, 0, 255];
const BLUE = [0, 0, 100, 255];
const CLEAR = [0, 255, 0, 0];
const image = (width: number, ...pixels: number[][]): Pixels => ({
  data: new Uint8ClampedArray(pixels.flat()),
  width,
  height: pixels.length / width,
});

describe('fittingSize', () => {
  it.each([
    [4_000, 3_000, 2_048, 2_048, 1_536],
    [3_000, 4_000, 320, 240, 320],
    [2_048, 10, 2_048, 2_048, 10],
    [100, 50, 320, 100, 50],
    [40_000, 10, 320, 320, 1],
  ])('fits %i × %i into %i', (width, height, maxSide, toWidth, toHeight) => {
    expect(fittingSize({ width, height }, maxSide)).toEqual({ width: toWidth, height: toHeight });
  });
});

describe('shrinkPixels', () => {
  it('gives the mean of what a pixel covers', () => {
    expect([...shrinkPixels(image(2, RED, BLUE, RED, BLUE), 1, 1).data]).toEqual([100, 0, 50, 255]);
  });

  it('counts what lies on an edge by its share', () => {
    // One and a half old pixels to a new one.
    const { data } = shrinkPixels(image(3, RED, BLUE, BLUE), 2, 1);
    expect([...data.subarray(0, 4)]).toEqual([133, 0, 33, 255]);
    expect([...data.subarray(4)]).toEqual(BLUE);
  });

  it('leaves colours of what is transparent out', () => {
    expect([...shrinkPixels(image(2, RED, CLEAR), 1, 1).data]).toEqual([200, 0, 0, 128]);
    expect([...shrinkPixels(image(2, CLEAR, CLEAR), 1, 1).data]).toEqual([0, 0, 0, 0]);
  });

  it('changes nothing in the same size', () => {
    const pixels = image(2, RED, BLUE, BLUE, RED, RED, RED);
    expect(shrinkPixels(pixels, 2, 3)).toEqual(pixels);
  });

  it('keeps an even colour in any size', () => {
    const sizes = fc.record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }) });
    const shares = fc.record({
      x: fc.double({ min: 0, max: 1, noNaN: true }),
      y: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const colours = fc.tuple(
      ...[0, 1, 2].map(() => fc.integer({ min: 0, max: 255 })),
      fc.integer({ min: 1, max: 255 }),
    );
    fc.assert(
      fc.property(sizes, shares, colours, ({ width, height }, { x, y }, colour) => {
        const even = image(width, ...Array.from({ length: width * height }, () => colour));
        const small = shrinkPixels(even, Math.max(1, Math.round(width * x)), Math.max(1, Math.round(height * y)));
        expect(small.data).toEqual(
          image(small.width, ...Array.from({ length: small.width * small.height }, () => colour)).data,
        );
      }),
    );
  });

  it.each([
    [3, 1],
    [1, 3],
    [0, 1],
    [1, 0],
  ])('fails for %i × %i of 2 × 2 pixels', (width, height) => {
    expect(() => shrinkPixels(image(2, RED, RED, RED, RED), width, height)).toThrow(
      `2 × 2 pixels cannot shrink to ${width} × ${height}`,
    );
  });
});
