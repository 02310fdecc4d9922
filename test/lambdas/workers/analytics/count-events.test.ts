import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COUNT_SLOTS, toCountedEvent } from '../../../../lambdas/adapters/analytics-counts.ts';
import { COUNTED_DAYS } from '../../../../lambdas/contract/analytics.ts';
import type { DomainEvent } from '../../../../lambdas/contract/events/domain-event.ts';
import { createCountEvents } from '../../../../lambdas/workers/analytics/count-events.ts';
import { feedUpdated, postViewed } from '../../../support/domain-events.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { expectedCounts, type Fate, MemoryAnalytics } from '../../../support/memory-analytics.ts';
import { RecordingLogger } from '../../../support/recording-logger.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const DAY = 86_400_000;
const NONE: ReadonlySet<string> = new Set();

function worldOf(table: MemoryAnalytics, random = () => 0.5) {
  const logger = new RecordingLogger();
  const waits: number[] = [];
  const wait = async (delayMs: number, signal?: AbortSignal) => {
    signal?.throwIfAborted();
    waits.push(delayMs);
  };
  const dependencies = { table, clock: new ManualClock(NOW), random, wait, logger };
  const countEvents = createCountEvents(dependencies);
  const count = (events: readonly DomainEvent[], signal = new AbortController().signal) => countEvents(events, signal);
  return { count, logger, waits };
}

const views = (count: number, prefix = 'v') =>
  Array.from({ length: count }, (_, at) => postViewed(`${prefix}${at}`, NOW - at, `p${at % 7}`));
const expected = (events: readonly DomainEvent[]) => expectedCounts(events.map(toCountedEvent));

describe('createCountEvents', () => {
  it('counts a batch in one transaction where it fits, without looking anything up', async () => {
    const table = new MemoryAnalytics();
    const batch = [...views(40), feedUpdated('f1', NOW)];
    expect(await worldOf(table).count(batch)).toEqual(NONE);
    expect(table.counts).toEqual(expected(batch));
    expect(table.transactions).toHaveLength(1);
    expect(table.lookups).toBe(0);
  });

  it('counts an event once that is in its batch twice', async () => {
    const table = new MemoryAnalytics();
    const [first] = views(1);
    expect(await worldOf(table).count([first, ...views(3), first].filter((each) => each !== undefined))).toEqual(NONE);
    expect(table.counts).toEqual(expected(views(3)));
  });

  it('counts what is new among what comes again', async () => {
    const table = new MemoryAnalytics();
    const { count } = worldOf(table);
    await count(views(10));
    expect(await count(views(20))).toEqual(NONE);
    expect(table.counts).toEqual(expected(views(20)));
    expect(table.lookups).toBe(1);
  });

  it('asks again after a while where DynamoDB told of no marker', async () => {
    const table = new MemoryAnalytics();
    const { count, waits } = worldOf(table);
    await count(views(3));
    const { countedOf } = table;
    table.countedOf = async () => {
      table.countedOf = countedOf;
      return new Set<string>();
    };
    expect(await count(views(3))).toEqual(NONE);
    expect(table.counts).toEqual(expected(views(3)));
    expect(waits).toEqual([0.5 * 25]);
  });

  it('changes nothing where all of it comes again', async () => {
    const table = new MemoryAnalytics();
    const { count } = worldOf(table);
    await count(views(200));
    const before = new Map(table.counts);
    expect(await count(views(200))).toEqual(NONE);
    expect(table.counts).toEqual(before);
  });

  it('tries another slot where another transaction is in its way, after a while', async () => {
    const fates: Fate[] = ['busy', 'busy'];
    const table = new MemoryAnalytics(() => fates.shift() ?? 'fine');
    const draws = [0.25, 0.5, 0.75, 1 / 3, 0];
    const { count, waits } = worldOf(table, () => draws.shift() ?? 0);
    expect(await count(views(5))).toEqual(NONE);
    expect(table.slots).toEqual([0.25 * COUNT_SLOTS, 0.75 * COUNT_SLOTS, 0]);
    expect(waits).toEqual([0.5 * 25, (1 / 3) * 50]);
    expect(table.counts).toEqual(expected(views(5)));
  });

  it('keeps to the slot in which it was alone, with the next ones for the lanes of a large batch', async () => {
    const fates: Fate[] = ['busy'];
    const table = new MemoryAnalytics(() => fates.shift() ?? 'fine');
    const draws = [0.25, 0, 31 / 32];
    const { count } = worldOf(table, () => draws.shift() ?? 0.5);
    await count(views(1));
    await count(views(1, 'w'));
    expect(table.slots).toEqual([8, 31, 31]);
    await count(Array.from({ length: 360 }, (_, at) => postViewed(`x${at}`, NOW, `p${at}`)));
    expect(new Set(table.slots.slice(3))).toEqual(new Set([31, 0, 1, 2]));
  });

  it('names all events of a transaction as failed that is in the way of others for too long', async () => {
    const table = new MemoryAnalytics(() => 'busy');
    const { count, logger } = worldOf(table);
    expect(await count(views(2))).toEqual(new Set(['v0', 'v1']));
    expect(table.transactions).toHaveLength(12);
    expect(String(logger.lines[0]?.error)).toContain('2 events were not counted in 12 attempts');
  });

  it('fails what comes behind a failure in its lane, and nothing in others', async () => {
    const table = new MemoryAnalytics(() => (table.transactions.length === 1 ? 'dies-before' : 'fine'));
    const batch = views(300);
    const failed = await worldOf(table).count(batch);
    expect(failed.size).toBeGreaterThan(0);
    expect(failed.size).toBeLessThan(300);
    const counted = batch.filter(({ id }) => !failed.has(id));
    expect(table.counts).toEqual(expected(counted));
    expect(await worldOf(table).count(batch)).toEqual(NONE);
    expect(table.counts).toEqual(expected(batch));
  });

  it('begins nothing once its time is up', async () => {
    const table = new MemoryAnalytics();
    expect((await worldOf(table).count(views(3), AbortSignal.abort())).size).toBe(3);
    expect(table.transactions).toEqual([]);
  });

  it('leaves out what is so old that nobody can tell whether it was counted, and says how many', async () => {
    const table = new MemoryAnalytics();
    const { count, logger } = worldOf(table);
    const oldest = NOW - COUNTED_DAYS * DAY;
    const batch = [feedUpdated('just', oldest), feedUpdated('too-old', oldest - 1)];
    expect(await count(batch)).toEqual(NONE);
    expect(table.transactions).toEqual([['just']]);
    expect(logger.lines).toMatchObject([{ level: 'warn', count: 1 }]);
  });

  it('comes to the exact counts over any redelivery, order, duplicates, side-by-side workers and deaths', async () => {
    const fate = fc.constantFrom<Fate>('fine', 'fine', 'fine', 'busy', 'dies-before', 'dies-after');
    // Time and post follow from the id: an event that comes again is the same event.
    const event = fc
      .integer({ min: 0, max: 250 })
      .map((id) =>
        id % 3 === 0 ? feedUpdated(`f${id}`, NOW - id * 7_000) : postViewed(`v${id}`, NOW - id * 7_000, `p${id % 5}`),
      );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(event, { maxLength: 250 }), { maxLength: 4 }),
        fc.array(fate, { maxLength: 40 }),
        async (batches, fates) => {
          const table = new MemoryAnalytics(() => fates.shift() ?? 'fine');
          let left = batches;
          // A batch is delivered until nothing of it has failed; what was done of it comes again as well.
          for (let round = 0; left.length > 0 && round < 50; round += 1) {
            const failed = await Promise.all(left.map((batch) => worldOf(table).count(batch)));
            left = left.filter((_, at) => (failed[at]?.size ?? 0) > 0);
          }
          expect(left).toEqual([]);
          expect(table.counts).toEqual(expected(batches.flat()));
        },
      ),
      { numRuns: 60 },
    );
  });
});
