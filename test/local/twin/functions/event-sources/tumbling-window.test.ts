import { describe, expect, it } from 'vitest';
import {
  type Batch,
  type Delivery,
  emptyLane,
  endLane,
  type Lane,
  type LaneRecord,
  type LaneSettings,
  offer,
} from '../../../../../local/twin/functions/event-sources/lane.ts';
import { settle } from '../../../../../local/twin/functions/event-sources/settle-batch.ts';
import { takeBatch } from '../../../../../local/twin/functions/event-sources/take-batch.ts';
import {
  batchWindow,
  nextWindow,
  openWindow,
  windowMembers,
} from '../../../../../local/twin/functions/event-sources/tumbling-window.ts';

const settings: LaneSettings = {
  batchSize: 3,
  batchingWindowMs: 0,
  bisectOnError: false,
  maxRetryAttempts: 2,
  maxRecordAgeMs: Number.POSITIVE_INFINITY,
  tumblingWindowMs: 1_000,
};

function at(...arrivals: number[]): LaneRecord[] {
  return arrivals.map((arrivalMs, index) => ({ sequenceNumber: `${arrivalMs}-${index}`, arrivalMs, bytes: 1 }));
}

/** What each invocation saw: arrivals, start of its window, state, whether it was the last; the state counts records. */
function run(
  start: Lane<LaneRecord>,
  untilMs: number,
  answer: (batch: Batch<LaneRecord>, count: number) => Delivery = (batch, count) => ({
    kind: 'succeeded',
    state: { count: count + batch.records.length },
  }),
) {
  const seen: [number[], number | undefined, unknown, boolean | undefined][] = [];
  let lane = start;
  for (let nowMs = 0; nowMs <= untilMs; ) {
    const taken = takeBatch(lane, settings, nowMs);
    lane = taken.lane;
    if (!taken.batch) {
      if (taken.dueMs === undefined) break;
      nowMs = taken.dueMs;
      continue;
    }
    const { records, window } = taken.batch;
    seen.push([records.map(({ arrivalMs }) => arrivalMs), window?.startMs, window?.state, window?.isFinal]);
    const count = (window?.state as { readonly count?: number } | undefined)?.count ?? 0;
    lane = settle(lane, answer(taken.batch, count), settings, nowMs).lane;
  }
  return { seen, lane };
}

describe('tumbling window', () => {
  it('hands the state on within a window, ends it with a last invocation, and starts the next one anew', () => {
    const { seen, lane } = run(offer(emptyLane(), at(0, 1, 2, 3, 1_000, 2_500)), 5_000);
    expect(seen).toEqual([
      [[0, 1, 2], 0, {}, false],
      [[3], 0, { count: 3 }, false],
      [[], 0, { count: 4 }, true],
      [[1_000], 1_000, {}, false],
      [[], 1_000, { count: 1 }, true],
      [[2_500], 2_000, {}, false],
      [[], 2_000, { count: 1 }, true],
    ]);
    expect(lane.window).toBeUndefined();
  });

  it('stays open until its end where no later record comes', () => {
    const { seen, lane } = run(offer(emptyLane(), at(400)), 999);
    expect(seen).toHaveLength(1);
    expect(takeBatch(lane, settings, 999)).toMatchObject({ batch: undefined, dueMs: 1_000 });
    expect(takeBatch(lane, settings, 1_000).batch?.window?.isFinal).toBe(true);
  });

  it('ends with its shard', () => {
    const { lane } = run(offer(emptyLane(), at(400)), 500);
    expect(takeBatch(endLane(lane), settings, 500).batch?.window?.isFinal).toBe(true);
  });

  it('is terminated early where its state is just too large', () => {
    const bytes = 1024 * 1024 - JSON.stringify({ text: '' }).length;
    const window = batchWindow(openWindow(0), 1_000, false);
    expect(nextWindow(window, { text: 'x'.repeat(bytes) })?.isTerminatedEarly).toBe(false);
    expect(nextWindow(window, { text: 'x'.repeat(bytes + 1) })?.isTerminatedEarly).toBe(true);
    const { seen } = run(offer(emptyLane(), at(0, 1, 2, 3)), 5_000, (batch, count) => {
      const isFirst = count === 0 && batch.records[0]?.arrivalMs === 0;
      return { kind: 'succeeded', state: isFirst ? { count: 3, text: 'x'.repeat(bytes + 1) } : { count: 1 } };
    });
    expect(seen.map(([arrivals, , , isFinal]) => [arrivals, isFinal])).toEqual([
      [[0, 1, 2], false],
      [[], true],
      [[3], false],
      [[], true],
    ]);
  });

  it('repeats a failed batch with the state from before, and the rest of a partly failed one with what it returned', () => {
    const answers: Delivery[] = [
      { kind: 'failed' },
      { kind: 'partially-failed', failedFrom: '1-1', state: { count: 1 } },
    ];
    const { seen } = run(offer(emptyLane(), at(0, 1)), 500, (batch, count) => {
      return answers.shift() ?? { kind: 'succeeded', state: { count: count + batch.records.length } };
    });
    expect(seen).toEqual([
      [[0, 1], 0, {}, false],
      [[0, 1], 0, {}, false],
      [[1], 0, { count: 1 }, false],
    ]);
  });

  it('is given up where its last invocation fails once too often', () => {
    const { seen, lane } = run(offer(emptyLane(), at(0)), 9_000, (batch) =>
      batch.window?.isFinal ? { kind: 'failed' } : { kind: 'succeeded', state: {} },
    );
    expect(seen.map(([, , , isFinal]) => isFinal)).toEqual([false, true, true, true]);
    expect(lane.window).toBeUndefined();
  });

  it('shows in the event as Lambda documents it', () => {
    const window = {
      ...batchWindow(openWindow(Date.UTC(2026, 10, 1)), 300_000, true),
      isTerminatedEarly: true,
      state: { a: 1 },
    };
    expect(windowMembers(window, 'shard-1', 'arn')).toEqual({
      window: { start: '2026-11-01T00:00:00Z', end: '2026-11-01T00:05:00Z' },
      state: { a: 1 },
      shardId: 'shard-1',
      eventSourceARN: 'arn',
      isFinalInvokeForWindow: true,
      isWindowTerminatedEarly: true,
    });
  });
});
