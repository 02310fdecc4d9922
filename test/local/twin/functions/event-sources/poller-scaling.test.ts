import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backOff,
  grow,
  growthIntervalMs,
  relax,
  type Scaling,
  scalingLimits,
  startScaling,
} from '../../../../../local/twin/functions/event-sources/poller-scaling.ts';

const NONE = Number.POSITIVE_INFINITY;
const standard = scalingLimits(undefined, NONE, NONE);

/** Concurrency after all pollers were busy for so long, looked at each `stepMs`. */
function afterBusy(limits: typeof standard, ms: number, stepMs: number): number {
  let scaling = startScaling(limits);
  for (let nowMs = 0; nowMs <= ms; nowMs += stepMs) scaling = grow(scaling, limits, scaling.concurrency, nowMs);
  return scaling.concurrency;
}

describe('poller scaling', () => {
  it('starts with five batches and adds 300 a minute, up to 1,250', () => {
    expect(startScaling(standard).concurrency).toBe(5);
    expect(afterBusy(standard, 60_000, 100)).toBe(305);
    expect(afterBusy(standard, 10 * 60_000, 1_000)).toBe(1_250);
  });

  it('grows the same however often it is looked at', () => {
    expect(afterBusy(standard, 60_000, 30_000)).toBe(afterBusy(standard, 60_000, 10));
  });

  it('grows at each interval, and not just before', () => {
    const busy = grow(startScaling(standard), standard, 5, 0);
    const intervalMs = growthIntervalMs(standard);
    expect(intervalMs).toBe(200);
    expect(grow(busy, standard, 5, intervalMs - 1).concurrency).toBe(5);
    expect(grow(busy, standard, 5, intervalMs).concurrency).toBe(6);
  });

  it('saves up nothing while a poller is idle', () => {
    const busy = grow(startScaling(standard), standard, 5, 0);
    const idle = grow(busy, standard, 4, 60_000);
    expect(grow(idle, standard, 5, 60_001).concurrency).toBe(5);
  });

  it('goes to where it started as polls find nothing, and down to one as invocations fail', () => {
    let scaling: Scaling = { concurrency: 7, busySinceMs: 0 };
    for (let polls = 0; polls < 9; polls += 1) scaling = relax(scaling, standard);
    expect(scaling).toEqual({ concurrency: 5, busySinceMs: undefined });
    for (let failures = 0; failures < 9; failures += 1) scaling = backOff(scaling);
    expect(scaling.concurrency).toBe(1);
    expect(relax(scaling, standard).concurrency).toBe(2);
  });

  it('is bounded by the maximum concurrency and by what the machine is given', () => {
    expect(scalingLimits(undefined, 2, NONE)).toMatchObject({ start: 2, max: 2 });
    expect(scalingLimits(undefined, 100, 3)).toMatchObject({ start: 3, max: 3 });
  });

  it('has provisioned pollers work on ten batches each from the start, and grow by 1,000 a minute', () => {
    const provisioned = scalingLimits({ minPollers: 2, maxPollers: 10 }, NONE, NONE);
    expect(provisioned).toEqual({ start: 20, max: 100, growthPerMinute: 1_000 });
    expect(afterBusy(provisioned, 3_000, 60)).toBe(70);
  });

  it('stays between one and its limit, whatever happens', () => {
    const step = fc.constantFrom('busy', 'idle', 'empty', 'failed');
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.nat({ max: 5_000 }))), fc.integer({ min: 1, max: 20 }), (steps, cap) => {
        const limits = scalingLimits(undefined, NONE, cap);
        let scaling = startScaling(limits);
        let nowMs = 0;
        for (const [kind, ms] of steps) {
          nowMs += ms;
          if (kind === 'empty') scaling = relax(scaling, limits);
          else if (kind === 'failed') scaling = backOff(scaling);
          else scaling = grow(scaling, limits, kind === 'busy' ? scaling.concurrency : 0, nowMs);
          expect(scaling.concurrency).toBeGreaterThanOrEqual(1);
          expect(scaling.concurrency).toBeLessThanOrEqual(cap);
        }
      }),
    );
  });
});
