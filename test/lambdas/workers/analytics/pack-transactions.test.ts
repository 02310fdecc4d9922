import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CountedEvent, incrementsOf } from '../../../../lambdas/adapters/analytics-counts.ts';
import { LANES_MAX, packTransactions } from '../../../../lambdas/workers/analytics/pack-transactions.ts';

const AT = Date.UTC(2026, 10, 22);
const views = (count: number, postOf: (at: number) => string): CountedEvent[] =>
  Array.from({ length: count }, (_, at) => ({ id: `v${at}`, type: 'PostViewed', atMs: AT, postId: postOf(at) }));
const itemsOf = (events: readonly CountedEvent[]) =>
  events.length + new Set(events.flatMap(incrementsOf).map(({ period, entry }) => `${period} ${entry}`)).size;

const counted: fc.Arbitrary<CountedEvent> = fc.record({
  id: fc.uuid(),
  type: fc.constant('PostViewed' as const),
  atMs: fc.integer({ min: AT, max: AT + 3 * 86_400_000 }),
  postId: fc.constantFrom('p1', 'p2', 'p3', 'p4', 'p5'),
});

describe('packTransactions', () => {
  it('packs nothing into nothing', () => {
    expect(packTransactions([])).toEqual([]);
  });

  it('writes views of one post 97 at a time, and none of them beside another', () => {
    const lanes = packTransactions(views(1_000, () => 'viral'));
    expect(lanes).toHaveLength(1);
    expect(lanes[0]?.map(({ length }) => length)).toEqual([...Array(10).fill(97), 30]);
  });

  it('has one transaction for a small batch of views, and several lanes for a large one', () => {
    expect(packTransactions(views(48, (at) => `p${at}`)).map((lane) => lane.length)).toEqual([1]);
    expect(packTransactions(views(49, (at) => `p${at}`)).map((lane) => lane.length)).toEqual([1]);
    expect(packTransactions(views(50, (at) => `p${at}`)).map((lane) => lane.length)).toEqual([2]);
    expect(packTransactions(views(1_000, (at) => `p${at}`))).toHaveLength(LANES_MAX);
  });

  it('packs each event once, into no more items than DynamoDB takes, with each post in one lane', () => {
    fc.assert(
      fc.property(fc.uniqueArray(counted, { selector: ({ id }) => id, maxLength: 500 }), (events) => {
        const lanes = packTransactions(events);
        const packed = lanes.flat(2);
        expect(new Set(packed)).toEqual(new Set(events));
        expect(packed).toHaveLength(events.length);
        for (const transaction of lanes.flat()) {
          expect(transaction.length).toBeGreaterThan(0);
          expect(itemsOf(transaction)).toBeLessThanOrEqual(100);
        }
        const lanesOf = Map.groupBy(
          lanes.flatMap((lane, at) => lane.flat().map(({ postId }) => ({ at, postId }))),
          ({ postId }) => postId,
        );
        for (const places of lanesOf.values()) expect(new Set(places.map(({ at }) => at)).size).toBe(1);
      }),
      { numRuns: 50 },
    );
  });
});
