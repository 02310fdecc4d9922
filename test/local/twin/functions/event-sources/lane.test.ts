import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Delivery,
  type Discarded,
  emptyLane,
  endLane,
  heldRecords,
  isIdle,
  type Lane,
  type LaneRecord,
  type LaneSettings,
  offer,
  oldestUnfinished,
} from '../../../../../local/twin/functions/event-sources/lane.ts';
import { retryDelayMs, settle } from '../../../../../local/twin/functions/event-sources/settle-batch.ts';
import { takeBatch } from '../../../../../local/twin/functions/event-sources/take-batch.ts';

const settings: LaneSettings = {
  batchSize: 4,
  batchingWindowMs: 0,
  bisectOnError: false,
  maxRetryAttempts: Number.POSITIVE_INFINITY,
  maxRecordAgeMs: Number.POSITIVE_INFINITY,
  tumblingWindowMs: 0,
};

function record(number: number, arrivalMs = 0): LaneRecord {
  return { sequenceNumber: String(number).padStart(6, '0'), arrivalMs, bytes: 1 };
}

function records(count: number, arrivalMs = 0): LaneRecord[] {
  return Array.from({ length: count }, (_, index) => record(index + 1, arrivalMs));
}

function numbers(batch: { readonly records: readonly LaneRecord[] } | undefined): number[] | undefined {
  return batch?.records.map(({ sequenceNumber }) => Number(sequenceNumber));
}

/** Delivers batch after batch until the lane has nothing more to do, jumping over the delays. */
function drain(
  start: Lane<LaneRecord>,
  deliver: (batch: number[]) => Delivery,
  own: LaneSettings,
): { readonly delivered: number[][]; readonly discarded: Discarded<LaneRecord>[]; readonly nowMs: number } {
  const delivered: number[][] = [];
  const discarded: Discarded<LaneRecord>[] = [];
  let lane = start;
  let nowMs = 0;
  for (let steps = 0; steps < 10_000; steps += 1) {
    const taken = takeBatch(lane, own, nowMs);
    discarded.push(...taken.discarded);
    lane = taken.lane;
    if (!taken.batch) {
      if (taken.dueMs === undefined) return { delivered, discarded, nowMs };
      nowMs = taken.dueMs;
      continue;
    }
    const batch = numbers(taken.batch) ?? [];
    delivered.push(batch);
    const settled = settle(lane, deliver(batch), own, nowMs);
    discarded.push(...settled.discarded);
    lane = settled.lane;
  }
  throw new Error('the lane did not come to rest');
}

const succeeded: Delivery = { kind: 'succeeded' };
const failed: Delivery = { kind: 'failed' };

describe('batch lane', () => {
  it('delivers full batches in order, and what is left', () => {
    const { delivered } = drain(offer(emptyLane(), records(9)), () => succeeded, settings);
    expect(delivered).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9]]);
  });

  it('cuts a batch at the payload limit, and delivers a record alone that is larger', () => {
    const megabytes = (number: number, count: number) => ({ ...record(number), bytes: count * 1024 * 1024 });
    const waiting = [megabytes(1, 3), megabytes(2, 3), megabytes(3, 1), megabytes(4, 7), megabytes(5, 1)];
    const { delivered } = drain(offer(emptyLane(), waiting), () => succeeded, settings);
    expect(delivered).toEqual([[1, 2], [3], [4], [5]]);
  });

  it('does not wait for a batch to fill that has reached the payload limit', () => {
    const windowed = { ...settings, batchingWindowMs: 500 };
    const waiting = [1, 2].map((number) => ({ ...record(number, 1_000), bytes: 4 * 1024 * 1024 }));
    expect(numbers(takeBatch(offer(emptyLane(), waiting), windowed, 1_000).batch)).toEqual([1]);
  });

  it('does not wait for a batch to fill where the shard has ended', () => {
    const windowed = { ...settings, batchingWindowMs: 500 };
    const lane = endLane(offer(emptyLane(), records(1, 1_000)));
    expect(numbers(takeBatch(lane, windowed, 1_000).batch)).toEqual([1]);
  });

  it('is idle once nothing is held', () => {
    expect(isIdle(emptyLane())).toBe(true);
    expect(isIdle(offer(emptyLane(), records(1)))).toBe(false);
    const taken = takeBatch(offer(emptyLane(), records(1)), settings, 0);
    expect(isIdle(taken.lane)).toBe(false);
    expect(isIdle(settle(taken.lane, succeeded, settings, 0).lane)).toBe(true);
  });

  it('has one batch in flight at a time', () => {
    const { lane } = takeBatch(offer(emptyLane(), records(8)), settings, 0);
    expect(takeBatch(lane, settings, 0).batch).toBeUndefined();
  });

  it('waits for a batch to fill until the window ends', () => {
    const windowed = { ...settings, batchingWindowMs: 500 };
    const lane = offer(emptyLane(), records(3, 1_000));
    expect(takeBatch(lane, windowed, 1_499)).toMatchObject({ batch: undefined, dueMs: 1_500 });
    expect(numbers(takeBatch(lane, windowed, 1_500).batch)).toEqual([1, 2, 3]);
  });

  it('does not wait where the batch is full', () => {
    const windowed = { ...settings, batchingWindowMs: 500 };
    expect(numbers(takeBatch(offer(emptyLane(), records(4, 1_000)), windowed, 1_000).batch)).toEqual([1, 2, 3, 4]);
  });

  it('redelivers a batch whose worker was killed in the middle, before anything newer', () => {
    const taken = takeBatch(offer(emptyLane(), records(6)), settings, 0);
    const { lane } = settle(taken.lane, failed, settings, 0);
    expect(takeBatch(lane, settings, 99).batch).toBeUndefined();
    const again = takeBatch(lane, settings, 100);
    expect(numbers(again.batch)).toEqual([1, 2, 3, 4]);
    expect(again.batch?.failedAttempts).toBe(1);
  });

  it('waits longer after each failure in a row, up to a cap', () => {
    expect([1, 2, 3, 9, 10, 100].map(retryDelayMs)).toEqual([100, 200, 400, 25_600, 30_000, 30_000]);
  });

  it('forgets the failures once a delivery succeeds', () => {
    const taken = takeBatch(offer(emptyLane(), records(1)), settings, 0);
    const retried = takeBatch(settle(taken.lane, failed, settings, 0).lane, settings, 100);
    const { lane } = settle(retried.lane, succeeded, settings, 100);
    expect(lane).toMatchObject({ consecutiveFailures: 0, notBeforeMs: 0 });
  });

  it('gives a batch up after the last retry', () => {
    const bounded = { ...settings, maxRetryAttempts: 2 };
    const { delivered, discarded } = drain(
      offer(emptyLane(), records(5)),
      ([first]) => (first === 1 ? failed : succeeded),
      bounded,
    );
    expect(delivered).toEqual([[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4], [5]]);
    expect(discarded.map(({ batch, reason }) => [numbers(batch), batch.deliveries, reason])).toEqual([
      [[1, 2, 3, 4], 3, 'RetryAttemptsExhausted'],
    ]);
  });

  it('isolates a poisonous record by bisection and gives up that one alone', () => {
    const bisecting = { ...settings, bisectOnError: true, maxRetryAttempts: 1 };
    const { delivered, discarded } = drain(
      offer(emptyLane(), records(4)),
      (batch) => (batch.includes(3) ? failed : succeeded),
      bisecting,
    );
    expect(delivered).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]]);
    expect(discarded.map(({ batch }) => numbers(batch))).toEqual([[3]]);
  });

  it('goes on at the first record that was reported', () => {
    let reported = false;
    const { delivered } = drain(
      offer(emptyLane(), records(4)),
      () => {
        if (reported) return succeeded;
        reported = true;
        return { kind: 'partially-failed', failedFrom: '000003' };
      },
      settings,
    );
    expect(delivered).toEqual([
      [1, 2, 3, 4],
      [3, 4],
    ]);
  });

  it('does not count a throttle as a failed attempt', () => {
    const taken = takeBatch(offer(emptyLane(), records(1)), { ...settings, maxRetryAttempts: 0 }, 0);
    const { lane, discarded } = settle(taken.lane, { kind: 'throttled' }, { ...settings, maxRetryAttempts: 0 }, 0);
    expect(discarded).toEqual([]);
    expect(takeBatch(lane, settings, 100).batch?.failedAttempts).toBe(0);
  });

  it('discards what is just too old, and delivers what is just young enough', () => {
    const aging = { ...settings, maxRecordAgeMs: 1_000 };
    const lane = offer(emptyLane(), [record(1, 0), record(2, 1)]);
    const taken = takeBatch(lane, aging, 1_001);
    expect(taken.discarded.map(({ batch, reason }) => [numbers(batch), reason])).toEqual([[[1], 'RecordAgeExceeded']]);
    expect(numbers(taken.batch)).toEqual([2]);
  });

  it('knows the oldest record that is not done with', () => {
    const taken = takeBatch(offer(emptyLane(), records(6)), settings, 0);
    expect(oldestUnfinished(taken.lane)?.sequenceNumber).toBe('000001');
    const partly = settle(taken.lane, { kind: 'partially-failed', failedFrom: '000002' }, settings, 0).lane;
    expect(oldestUnfinished(partly)?.sequenceNumber).toBe('000002');
    const done = settle(taken.lane, succeeded, settings, 0).lane;
    expect(oldestUnfinished(done)?.sequenceNumber).toBe('000005');
  });

  it('delivers or discards every record at least once, and in order, whatever fails', () => {
    const outcome = fc.constantFrom('succeeded', 'failed', 'throttled', 'partial');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 }),
        fc.array(outcome, { maxLength: 40 }),
        fc.record({
          batchSize: fc.integer({ min: 1, max: 8 }),
          bisectOnError: fc.boolean(),
          maxRetryAttempts: fc.integer({ min: 0, max: 3 }),
        }),
        (count, outcomes, chosen) => {
          const own = { ...settings, ...chosen };
          const script = [...outcomes];
          const finished: number[] = [];
          const { discarded } = drain(
            offer(emptyLane(), records(count)),
            (batch) => {
              const next = script.shift() ?? 'succeeded';
              if (next === 'succeeded') finished.push(...batch);
              if (next !== 'partial') return { kind: next } as Delivery;
              const middle = Math.floor(batch.length / 2);
              finished.push(...batch.slice(0, middle));
              return { kind: 'partially-failed', failedFrom: String(batch[middle]).padStart(6, '0') };
            },
            own,
          );
          // No record is processed twice here because a failed delivery processes nothing; none is lost.
          const given = discarded.flatMap(({ batch }) => numbers(batch) ?? []);
          expect(finished).toEqual(finished.toSorted((a, b) => a - b));
          expect([...finished, ...given].sort((a, b) => a - b)).toEqual(records(count).map((_, index) => index + 1));
        },
      ),
    );
  });

  it('holds exactly what was offered and is not settled', () => {
    const taken = takeBatch(offer(emptyLane(), records(10)), settings, 0);
    expect(heldRecords(taken.lane)).toBe(10);
    expect(heldRecords(settle(taken.lane, succeeded, settings, 0).lane)).toBe(6);
    expect(heldRecords(settle(taken.lane, failed, settings, 0).lane)).toBe(10);
  });
});
