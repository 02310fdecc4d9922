import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AsyncSettings,
  afterAttempt,
  newAsyncEvent,
} from '../../../../../local/twin/functions/model/async-event.ts';

const HOUR_MS = 3_600_000;
const settings: AsyncSettings = {
  maximumRetryAttempts: 2,
  maximumEventAgeMs: 6 * HOUR_MS,
  retryDelaysMs: [60_000, 120_000],
};

describe('afterAttempt', () => {
  it('ends with a success, whichever attempt it is', () => {
    const first = afterAttempt(newAsyncEvent(0), 'succeeded', settings, 5);
    expect(first).toMatchObject({ kind: 'end', condition: 'Success', event: { invocations: 1 } });
    const retried = afterAttempt({ enqueuedAtMs: 0, invocations: 2, throttles: 3 }, 'succeeded', settings, 5);
    expect(retried).toMatchObject({ kind: 'end', condition: 'Success', event: { invocations: 3 } });
  });

  it('retries an error after one minute and then after two, and gives up', () => {
    const first = afterAttempt(newAsyncEvent(0), 'failed', settings, 0);
    expect(first).toMatchObject({ kind: 'retry', delayMs: 60_000 });
    const second = afterAttempt(first.event, 'failed', settings, 60_000);
    expect(second).toMatchObject({ kind: 'retry', delayMs: 120_000 });
    const third = afterAttempt(second.event, 'failed', settings, 180_000);
    expect(third).toMatchObject({ kind: 'end', condition: 'RetriesExhausted', event: { invocations: 3 } });
  });

  it('gives up at once where no retry is wanted', () => {
    const none = { ...settings, maximumRetryAttempts: 0 };
    expect(afterAttempt(newAsyncEvent(0), 'failed', none, 0)).toMatchObject({ condition: 'RetriesExhausted' });
  });

  it('waits longer after each throttle, from a second to five minutes, and does not count them as attempts', () => {
    let event = newAsyncEvent(0);
    const delays: number[] = [];
    for (let throttle = 0; throttle < 11; throttle += 1) {
      const step = afterAttempt(event, 'throttled', settings, 0);
      if (step.kind === 'retry') delays.push(step.delayMs / 1_000);
      event = step.event;
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    expect(event.invocations).toBe(0);
  });

  it('gives up what would be too old at the next attempt, just enough being still tried', () => {
    const old = { ...settings, maximumEventAgeMs: 60_000 };
    expect(afterAttempt(newAsyncEvent(0), 'failed', old, 0)).toMatchObject({ kind: 'retry' });
    expect(afterAttempt(newAsyncEvent(0), 'failed', old, 1)).toMatchObject({ condition: 'EventAgeExceeded' });
  });

  it('gives up at once where the function may not run at all', () => {
    expect(afterAttempt(newAsyncEvent(0), 'throttled', settings, 0, false)).toMatchObject({
      kind: 'end',
      condition: 'RetriesExhausted',
      event: { invocations: 0 },
    });
  });

  it('always ends, within the attempts and the age that are set', () => {
    const ends = fc.array(fc.constantFrom('failed' as const, 'throttled' as const), { minLength: 400, maxLength: 400 });
    fc.assert(
      fc.property(fc.nat(2), ends, (maximumRetryAttempts, attempts) => {
        let event = newAsyncEvent(0);
        let nowMs = 0;
        for (const end of attempts) {
          const step = afterAttempt(event, end, { ...settings, maximumRetryAttempts }, nowMs);
          expect(step.event.invocations).toBeLessThanOrEqual(maximumRetryAttempts + 1);
          if (step.kind === 'end') return;
          nowMs += step.delayMs;
          expect(nowMs).toBeLessThanOrEqual(settings.maximumEventAgeMs);
          event = step.event;
        }
        expect.unreachable('an event lived on');
      }),
    );
  });
});
