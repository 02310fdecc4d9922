/**
 * One lane of a shard: records with the same partition keys, delivered in order, one batch at a time. State in, state
 * out, time as an argument; source: Lambda developer guide, "Using Lambda to process records from Kinesis streams".
 */
import type { BatchWindow, OpenWindow } from './tumbling-window.ts';

/** What a lane must know of a record; the rest travels along. */
export interface LaneRecord {
  readonly sequenceNumber: string;
  readonly arrivalMs: number;
  /** What it adds to the payload. */
  readonly bytes: number;
}

export interface LaneSettings {
  /** Most records in a batch. */
  readonly batchSize: number;
  /** How long a batch that is not full waits for more. */
  readonly batchingWindowMs: number;
  readonly bisectOnError: boolean;
  /** Retries after the first delivery; `Infinity`: until the record is too old. */
  readonly maxRetryAttempts: number;
  readonly maxRecordAgeMs: number;
  /** Length of a tumbling window; 0: none. */
  readonly tumblingWindowMs: number;
}

/** Records that are delivered together. */
export interface Batch<R extends LaneRecord> {
  /** Empty in the last invocation of a tumbling window. */
  readonly records: readonly R[];
  /** Deliveries that failed and count against the retry limit. */
  readonly failedAttempts: number;
  /** All deliveries so far, the bisected ones included. */
  readonly deliveries: number;
  readonly window: BatchWindow | undefined;
}

export interface Lane<R extends LaneRecord> {
  /** Batches to be delivered again, before anything that waits. */
  readonly retries: readonly Batch<R>[];
  readonly waiting: readonly R[];
  readonly inFlight: Batch<R> | undefined;
  /** No delivery before this time: the delay after a failure. */
  readonly notBeforeMs: number;
  /** Failures in a row, which the delay grows with. */
  readonly consecutiveFailures: number;
  readonly window: OpenWindow | undefined;
  /** No record will follow: a window that is open closes. */
  readonly isEnded: boolean;
}

/** Why a batch was given up, as the message on the failure destination says it. */
export type DiscardReason = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface Discarded<R extends LaneRecord> {
  readonly batch: Batch<R>;
  readonly reason: DiscardReason;
}

/** How a delivery ended. `failedFrom`: everything before this sequence number was processed. `state`: that of a tumbling window. */
export type Delivery =
  | { readonly kind: 'succeeded'; readonly state?: unknown }
  | { readonly kind: 'failed' }
  | { readonly kind: 'partially-failed'; readonly failedFrom: string; readonly state?: unknown }
  /** The function had no capacity; that is no failure of the batch. */
  | { readonly kind: 'throttled' };

export interface LaneStep<R extends LaneRecord> {
  readonly lane: Lane<R>;
  readonly discarded: readonly Discarded<R>[];
}

export function emptyLane<R extends LaneRecord>(window?: OpenWindow): Lane<R> {
  return {
    retries: [],
    waiting: [],
    inFlight: undefined,
    notBeforeMs: 0,
    consecutiveFailures: 0,
    window,
    isEnded: false,
  };
}

/** Adds records that were read from the shard. */
export function offer<R extends LaneRecord>(lane: Lane<R>, records: readonly R[]): Lane<R> {
  return { ...lane, waiting: [...lane.waiting, ...records] };
}

/** Says that the shard was read to its end. */
export function endLane<R extends LaneRecord>(lane: Lane<R>): Lane<R> {
  return lane.isEnded ? lane : { ...lane, isEnded: true };
}

/** The oldest record that is not done with; `undefined`: all are. */
export function oldestUnfinished<R extends LaneRecord>(lane: Lane<R>): R | undefined {
  // Order within a lane: what is in flight, what is to be repeated, what waits.
  return lane.inFlight?.records[0] ?? lane.retries[0]?.records[0] ?? lane.waiting[0];
}

/** Nothing is held, and no window is open. */
export function isIdle<R extends LaneRecord>(lane: Lane<R>): boolean {
  return !lane.inFlight && !lane.window && lane.retries.length === 0 && lane.waiting.length === 0;
}

/** Records that the lane still holds. */
export function heldRecords<R extends LaneRecord>(lane: Lane<R>): number {
  const retried = lane.retries.reduce((sum, { records }) => sum + records.length, 0);
  return (lane.inFlight?.records.length ?? 0) + retried + lane.waiting.length;
}
