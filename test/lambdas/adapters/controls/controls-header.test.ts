import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  controlsKeys,
  decodeControlsHeader,
  demandKey,
  encodeControlsHeader,
} from '../../../../lambdas/adapters/controls/controls-header.ts';

describe('controls header', () => {
  it('is what the scripts unpack by <I4dd', () => {
    const bytes = encodeControlsHeader({ version: 0x01020304, overload: 0.5, floor: 100 });
    expect(bytes.toString('hex')).toBe('04030201000000000000e03f0000000000005940');
  });

  it('reads what it wrote', () => {
    const header = fc.record({
      version: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      overload: fc.double({ min: 0, max: 1, noNaN: true }),
      floor: fc.double({ min: 0, max: 100, noNaN: true }),
    });
    fc.assert(
      fc.property(header, (given) => {
        expect(decodeControlsHeader(encodeControlsHeader(given))).toEqual(given);
      }),
    );
  });

  it('is none where the length is another', () => {
    expect(decodeControlsHeader(Buffer.alloc(19))).toBeUndefined();
  });

  it('lies with all that a shard’s scripts use', () => {
    expect(controlsKeys(3)).toEqual({ header: '{3}controls', detail: '{3}controls:detail' });
    expect(demandKey(3, 'global:all')).toBe('{3}d:global:all');
  });
});
