import { decodeTime } from 'ulid';
import { describe, expect, it } from 'vitest';
import { createIdGenerator } from '../../../lambdas/adapters/id-generator.ts';
import { ULID_PATTERN } from '../../../lambdas/contract/ulid-pattern.ts';
import { ManualClock } from '../../support/manual-clock.ts';

describe('id generator', () => {
  it('makes ULIDs of the time on the clock', () => {
    const clock = new ManualClock(1_234_567_890_123);
    const id = createIdGenerator(clock)();
    expect(id).toMatch(ULID_PATTERN);
    expect(decodeTime(id)).toBe(1_234_567_890_123);
  });

  it('makes each id greater than the one before, with the clock going, standing still and stepping back', () => {
    const clock = new ManualClock();
    const next = createIdGenerator(clock);
    const ids = [0, 0, 5, -1_000, 0, 2_000].map((stepMs) => {
      clock.advance(stepMs);
      return next();
    });
    expect(ids).toEqual([...new Set(ids)].sort());
  });
});
