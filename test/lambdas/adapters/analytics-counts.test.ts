import { describe, expect, it } from 'vitest';
import {
  countsPartition,
  incrementsOf,
  markerExpiry,
  periodName,
  periodStart,
  toCountedEvent,
  viewsPartitions,
} from '../../../lambdas/adapters/analytics-counts.ts';
import { COUNTED_DAYS, COUNTS_KEPT_DAYS } from '../../../lambdas/contract/analytics.ts';
import { feedUpdated, postViewed } from '../../support/domain-events.ts';

const AT = Date.UTC(2026, 10, 22, 10, 32, 59, 999);
const DAY_SECONDS = 86_400;

describe('toCountedEvent', () => {
  it('takes the time that the event itself names, at whichever offset', () => {
    const event = { ...feedUpdated('f1', AT), time: '2026-11-23T00:30:00+02:00' };
    expect(toCountedEvent(event)).toEqual({ id: 'f1', type: 'FeedUpdated', atMs: Date.UTC(2026, 10, 22, 22, 30) });
  });

  it('takes the post of views', () => {
    expect(toCountedEvent(postViewed('v1', AT, 'p1'))).toEqual({
      id: 'v1',
      type: 'PostViewed',
      atMs: AT,
      postId: 'p1',
    });
  });
});

describe('incrementsOf', () => {
  it('adds to the minute and the day of UTC', () => {
    const items = incrementsOf({ id: 'f1', type: 'FeedUpdated', atMs: AT });
    expect(items).toMatchObject([
      { period: 'minutes#2026-11-22T10', entry: '2026-11-22T10:32', attribute: 'FeedUpdated', isSlotted: true },
      { period: 'days#2026-11', entry: '2026-11-22', attribute: 'FeedUpdated', isSlotted: true },
    ]);
  });

  it('adds to the post of a view, always in the same one of the partitions of its day', () => {
    const views = (id: string, atMs: number) => incrementsOf({ id, type: 'PostViewed', atMs, postId: 'p1' })[2];
    expect(views('v1', AT)).toEqual(views('v2', AT - 60_000));
    expect(views('v1', AT)).toMatchObject({ entry: 'p1', attribute: 'views', isSlotted: false });
    expect(viewsPartitions(AT)).toContain(views('v1', AT)?.period);
    expect(viewsPartitions(AT)).not.toContain(views('v1', AT + DAY_SECONDS * 1_000)?.period);
  });

  it('spreads the posts of a day over all of its partitions', () => {
    const used = Array.from({ length: 1_000 }, (_, at) => {
      return incrementsOf({ id: 'v', type: 'PostViewed', atMs: AT, postId: `p${at}` })[2]?.period;
    });
    expect(new Set(used)).toEqual(new Set(viewsPartitions(AT)));
  });

  it('lets counts go so many days after the end of their period, whenever in it the event was', () => {
    const expiries = (atMs: number) => {
      return incrementsOf({ id: 'v', type: 'PostViewed', atMs, postId: 'p' }).map(({ expiresAt }) => expiresAt);
    };
    const [minute, day] = [Date.UTC(2026, 10, 22, 10, 33) / 1_000, Date.UTC(2026, 10, 23) / 1_000];
    const [minuteEnd, dayEnd] = [
      minute + COUNTS_KEPT_DAYS.minute * DAY_SECONDS,
      day + COUNTS_KEPT_DAYS.day * DAY_SECONDS,
    ];
    expect(expiries(AT)).toEqual([minuteEnd, dayEnd, dayEnd]);
    expect(expiries(AT - 59_999)).toEqual([minuteEnd, dayEnd, dayEnd]);
    expect(expiries(AT + 1)[0]).toBe(minuteEnd + 60);
  });
});

describe('markerExpiry', () => {
  it('keeps what tells that an event was counted for longer than it can be counted', () => {
    expect(markerExpiry(AT)).toBeGreaterThan(AT / 1_000 + COUNTED_DAYS * DAY_SECONDS);
  });
});

describe('names of periods', () => {
  it.each(['minute', 'day'] as const)('lead back to the beginning of a %s', (granularity) => {
    const start = periodStart(granularity, periodName(granularity, AT));
    expect(start).toBe(granularity === 'minute' ? Date.UTC(2026, 10, 22, 10, 32) : Date.UTC(2026, 10, 22));
    expect(countsPartition(granularity, start)).toBe(countsPartition(granularity, AT));
  });
});
