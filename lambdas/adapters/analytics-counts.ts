import { hash } from 'node:crypto';
import { COUNTED_DAYS, COUNTS_KEPT_DAYS, type Granularity } from '../contract/analytics.ts';
import type { DomainEvent, EventType } from '../contract/events/domain-event.ts';
import { Tables } from '../contract/tables.ts';

/** What of an event is counted. */
export interface CountedEvent {
  readonly id: string;
  readonly type: EventType;
  /** The event's own time, in ms since the epoch. */
  readonly atMs: number;
  /** The post that was looked at, of `PostViewed` alone. */
  readonly postId?: string;
}

/** One number of one item that an event adds 1 to. */
export interface Increment {
  /** Partition key of the item. */
  readonly period: string;
  /** Sort key of the item; without its slot where the item has one. */
  readonly entry: string;
  readonly attribute: string;
  readonly expiresAt: number;
  /** Whether the item is one of `COUNT_SLOTS`, and which one makes no difference. */
  readonly isSlotted: boolean;
}

const SECONDS_PER_DAY = 86_400;
/** Clocks differ, and what says that an event was counted must be the last to go. */
const MARKER_SLACK_DAYS = 1;

export const PERIOD_MS: Readonly<Record<Granularity, number>> = { minute: 60_000, day: 86_400_000 };
/** So much of an ISO time names a period, and the partition that its counts are in: an hour of minutes, a month of days. */
const PERIOD_LENGTH = { minute: 'yyyy-mm-ddThh:mm'.length, day: 'yyyy-mm-dd'.length };
const PARTITION_LENGTH = { minute: 'yyyy-mm-ddThh'.length, day: 'yyyy-mm'.length };

/**
 * Items that the counts of one period are spread over, because two transactions that meet on one item are one too many.
 * A transaction has some 97 events and takes some 25 ms, so that at 10,000 events per second 3 are under way at a time, and
 * at 48,000 there are 12: then two of five meet another one and take another slot.
 */
export const COUNT_SLOTS = 32;
/**
 * Partitions that the posts of one day are spread over: a partition takes 1,000 write units per second, in the table and in
 * the index each, and a view that is not of the same post as its neighbours costs two in either. So 8,000 different posts
 * per second are counted before DynamoDB has to split partitions; views of one post come 97 to a write.
 */
const POST_BUCKETS = 16;

/** What is counted of an event; times of any offset fall into periods of UTC. */
export function toCountedEvent(event: DomainEvent): CountedEvent {
  const { id, type, time } = event;
  const postId = type === 'PostViewed' ? { postId: event.data.postId } : {};
  return { id, type, atMs: Date.parse(time), ...postId };
}

/** Everything that an event adds 1 to: its minute, its day and, of a view, the post on that day. */
export function incrementsOf(event: CountedEvent): Increment[] {
  const { atMs, type, postId } = event;
  const times: Increment[] = (['minute', 'day'] as const).map((granularity) => ({
    period: countsPartition(granularity, atMs),
    entry: periodName(granularity, atMs),
    attribute: type,
    expiresAt: expiry(atMs, granularity),
    isSlotted: true,
  }));
  if (postId === undefined) return times;
  const views: Increment = {
    period: viewsPartition(atMs, bucketOf(postId)),
    entry: postId,
    attribute: Tables.analytics.byViews.sortKey,
    expiresAt: expiry(atMs, 'day'),
    isSlotted: false,
  };
  return [...times, views];
}

/** Partition of the item whose presence says that the event was counted. */
export function markerPartition(eventId: string): string {
  return `counted#${eventId}`;
}

/** When that item goes, in seconds since the epoch: later than the event could be counted again. */
export function markerExpiry(atMs: number): number {
  return Math.ceil(atMs / 1_000) + (COUNTED_DAYS + MARKER_SLACK_DAYS) * SECONDS_PER_DAY;
}

/** `minutes#2026-11-22T10` or `days#2026-11`. */
export function countsPartition(granularity: Granularity, atMs: number): string {
  return `${granularity}s#${isoOf(atMs).slice(0, PARTITION_LENGTH[granularity])}`;
}

/** `2026-11-22T10:32` or `2026-11-22`, with which the sort keys of a period's counts begin. */
export function periodName(granularity: Granularity, atMs: number): string {
  return isoOf(atMs).slice(0, PERIOD_LENGTH[granularity]);
}

/** The beginning of a period by its name, in ms since the epoch. */
export function periodStart(granularity: Granularity, name: string): number {
  return Date.parse(granularity === 'minute' ? `${name}Z` : name);
}

/** The partitions of a day's posts. */
export function viewsPartitions(dayMs: number): string[] {
  return Array.from({ length: POST_BUCKETS }, (_, bucket) => viewsPartition(dayMs, bucket.toString(16)));
}

/** A hexadecimal digit, so the number of buckets is that of these. */
function bucketOf(postId: string): string {
  return hash('sha256', postId, 'hex').charAt(0);
}

function viewsPartition(atMs: number, bucket: string): string {
  return `views#${periodName('day', atMs)}#${bucket}`;
}

/** Every event of a period says the same. */
function expiry(atMs: number, granularity: Granularity): number {
  const endMs = (Math.floor(atMs / PERIOD_MS[granularity]) + 1) * PERIOD_MS[granularity];
  return endMs / 1_000 + COUNTS_KEPT_DAYS[granularity] * SECONDS_PER_DAY;
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
