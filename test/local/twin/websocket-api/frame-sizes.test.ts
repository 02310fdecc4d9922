import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameSizes } from '../../../../local/twin/websocket-api/frame-sizes.ts';

/** A masked frame of a client, as RFC 6455 writes it. */
function frame(length: number): number[] {
  const size =
    length < 126 ? [length] : length < 65_536 ? [126, length >> 8, length & 255] : [127, ...bigEndian(length)];
  const [first = 0, ...rest] = size;
  return [0x81, first | 0x80, ...rest, 1, 2, 3, 4, ...new Array(length).fill(0)];
}

function bigEndian(value: number): number[] {
  return [0, 0, 0, 0, (value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

describe('FrameSizes', () => {
  it.each([0, 125, 126, 300])('accepts frames of the limit of %i bytes, and none that has one more', (limit) => {
    expect(new FrameSizes(limit).accept(Uint8Array.from(frame(limit)))).toBe(true);
    expect(new FrameSizes(limit).accept(Uint8Array.from(frame(limit + 1)))).toBe(false);
  });

  it('knows a large frame by its header', () => {
    expect(new FrameSizes().accept(Uint8Array.from(frame(70_000).slice(0, 10)))).toBe(false);
  });

  it('finds an oversized frame wherever the stream is cut', () => {
    const lengths = fc.array(fc.nat(200), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(lengths, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (sizes, cuts) => {
        const bytes = Uint8Array.from(sizes.flatMap(frame));
        const frames = new FrameSizes(150);
        let accepted = true;
        for (let at = 0, index = 0; at < bytes.length && accepted; index += 1) {
          const step = cuts[index % cuts.length] ?? 1;
          accepted = frames.accept(bytes.subarray(at, at + step));
          at += step;
        }
        expect(accepted).toBe(sizes.every((size) => size <= 150));
      }),
    );
  });
});
