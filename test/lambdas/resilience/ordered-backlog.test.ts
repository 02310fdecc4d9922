import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderedBacklog } from '../../../lambdas/resilience/ordered-backlog.ts';

const entries = (...keys: string[]) => keys.map((key) => ({ key, bytes: 10 }));
const ample = { maxEntries: 100, maxBytes: 10_000 };

describe('OrderedBacklog', () => {
  it('hands out one entry of each key, and the next of a key once that was delivered', () => {
    const backlog = new OrderedBacklog(entries('a', 'a', 'b', 'a'));
    expect(backlog.take(ample, 0)).toEqual([0, 2]);
    expect(backlog.take(ample, 0)).toEqual([]);
    backlog.deliver(0);
    expect(backlog.take(ample, 0)).toEqual([1]);
    expect([0, 1, 2, 3].map((index) => backlog.isDelivered(index))).toEqual([true, false, false, false]);
  });

  it('fills a call to its limits and no further, but lets an entry beyond them go alone', () => {
    const limits = { maxEntries: 2, maxBytes: 20 };
    expect(new OrderedBacklog(entries('a', 'b', 'c')).take(limits, 0)).toEqual([0, 1]);
    const mixed = new OrderedBacklog([
      { key: 'a', bytes: 15 },
      { key: 'b', bytes: 6 },
      { key: 'c', bytes: 5 },
      { key: 'd', bytes: 21 },
    ]);
    expect(mixed.take(limits, 0)).toEqual([0, 2]);
    expect(mixed.take(limits, 0)).toEqual([1]);
    expect(mixed.take(limits, 0)).toEqual([3]);
  });

  it('hands out a postponed entry again from its time on, and nothing of its key before', () => {
    const backlog = new OrderedBacklog(entries('a', 'a', 'b'));
    backlog.take(ample, 0);
    backlog.postpone(0, 50);
    expect(backlog.nextDueMs()).toBe(50);
    expect(backlog.take(ample, 49)).toEqual([]);
    expect(backlog.take(ample, 50)).toEqual([0]);
  });

  it('says when there is nothing to wait for', () => {
    const backlog = new OrderedBacklog(entries('a'));
    expect(backlog.nextDueMs()).toBe(0);
    backlog.take(ample, 0);
    expect(backlog.nextDueMs()).toBeUndefined();
    backlog.deliver(0);
    expect(backlog.nextDueMs()).toBeUndefined();
  });

  it('holds back what is behind an entry that was given up', () => {
    const backlog = new OrderedBacklog(entries('a', 'a', 'b'));
    backlog.take(ample, 0);
    backlog.giveUp(0);
    backlog.deliver(2);
    expect(backlog.take(ample, 0)).toEqual([]);
    expect(backlog.nextDueMs()).toBeUndefined();
  });

  it.each(['deliver', 'postpone', 'giveUp'] as const)('fails to %s what is not in flight', (operation) => {
    const backlog = new OrderedBacklog(entries('a', 'a'));
    expect(() => backlog[operation](0, 0)).toThrow('entry 0 is not in flight');
    backlog.take(ample, 0);
    expect(() => backlog[operation](1, 0)).toThrow('entry 1 is not in flight');
    expect(() => backlog[operation](7, 0)).toThrow('entry 7 is not in flight');
  });

  it('delivers every entry of every key in order, whatever fails how often', () => {
    const anyEntries = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), bytes: fc.nat(30) }), {
      maxLength: 20,
    });
    const limits = fc.record({ maxEntries: fc.integer({ min: 1, max: 4 }), maxBytes: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(anyEntries, limits, fc.infiniteStream(fc.boolean()), (list, callLimits, luck) => {
        const backlog = new OrderedBacklog(list);
        const delivered: number[] = [];
        for (let nowMs = backlog.nextDueMs(); nowMs !== undefined; nowMs = backlog.nextDueMs()) {
          const taken = backlog.take(callLimits, nowMs);
          expect(taken.length).toBeGreaterThan(0);
          expect(taken.length).toBeLessThanOrEqual(callLimits.maxEntries);
          expect(new Set(taken.map((index) => list[index]?.key)).size).toBe(taken.length);
          for (const index of taken) {
            if (luck.next().value) {
              backlog.deliver(index);
              delivered.push(index);
            } else backlog.postpone(index, nowMs + 1);
          }
        }
        for (const key of ['a', 'b', 'c']) {
          const own = delivered.filter((index) => list[index]?.key === key);
          expect(own).toEqual([...list.keys()].filter((index) => list[index]?.key === key));
        }
      }),
    );
  });
});
