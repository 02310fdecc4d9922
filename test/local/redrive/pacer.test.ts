import { describe, expect, it } from 'vitest';
import { createPace } from '../../../local/redrive/pacer.ts';
import { ManualClock } from '../../support/manual-clock.ts';

describe('createPace', () => {
  it('spaces evenly, and makes up for no pause', async () => {
    const clock = new ManualClock(0);
    const pace = createPace({
      maxPerSecond: 4,
      nowMs: () => clock.now(),
      wait: async (ms) => clock.advance(ms),
      signal: new AbortController().signal,
    });
    const times: number[] = [];
    for (const pauseMs of [0, 0, 0, 5_000, 0]) {
      clock.advance(pauseMs);
      await pace();
      times.push(clock.now());
    }
    expect(times).toEqual([0, 250, 500, 5_500, 5_750]);
  });
});
