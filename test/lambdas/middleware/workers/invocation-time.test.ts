import { describe, expect, it } from 'vitest';
import { aborted, watchTime } from '../../../../lambdas/middleware/workers/invocation-time.ts';
import { ManualTimers } from '../../../support/manual-timers.ts';

const context = (remainingMs: number) => ({ getRemainingTimeInMillis: () => remainingMs });

describe('watchTime', () => {
  it('ends work, patience and the time to answer one after the other, shortly before the function', async () => {
    const timers = new ManualTimers();
    const { work, patience, answer, workMs } = watchTime(context(5_000), timers.setTimer);
    const isOver = () => [work, patience, answer].map(({ aborted: over }) => over);
    expect(workMs).toBe(4_000);
    await timers.advance(3_999);
    expect(isOver()).toEqual([false, false, false]);
    await timers.advance(1);
    expect(isOver()).toEqual([true, false, false]);
    await timers.advance(400);
    expect(isOver()).toEqual([true, true, false]);
    await timers.advance(400);
    expect(isOver()).toEqual([true, true, true]);
  });

  it.each([
    [1_001, [false, false, false]],
    [1_000, [true, false, false]],
    [600, [true, true, false]],
    [200, [true, true, true]],
    [0, [true, true, true]],
  ])('has ended at once what %d ms are too short for', (remainingMs, expected) => {
    const { work, patience, answer } = watchTime(context(remainingMs), new ManualTimers().setTimer);
    expect([work, patience, answer].map((signal) => signal.aborted)).toEqual(expected);
  });

  it('ends nothing any more once it has ended itself', async () => {
    const timers = new ManualTimers();
    const time = watchTime(context(5_000), timers.setTimer);
    time.end();
    await timers.advance(5_000);
    expect(time.answer.aborted).toBe(false);
  });
});

describe('aborted', () => {
  it('resolves once the signal is aborted, also where that was before', async () => {
    const controller = new AbortController();
    let isResolved = false;
    const waiting = aborted(controller.signal).then(() => {
      isResolved = true;
    });
    await Promise.resolve();
    expect(isResolved).toBe(false);
    controller.abort();
    await waiting;
    await aborted(controller.signal);
  });
});
