/**
 * One lane of a shard: records with the same partition keys, delivered in order, one batch at a time. State in, state
 * out, time as an argument; source: Lambda developer guide, "Using Lambda to process records from Kinesis streams".
 */
import {
  type BatchWindow,
  batchWindow,
  nextWindow,
  type OpenWindow,
  openWindow,
  windowStart,
} from './tumbling-window.ts';

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

export interface TakenStep<R extends LaneRecord> extends LaneStep<R> {
  readonly batch: Batch<R> | undefined;
  readonly dueMs: number | undefined;
}

/** Delay after the first failure; it doubles with each further one. AWS does not publish its own. */
const RETRY_BASE_MS = 100;
const RETRY_CAP_MS = 30_000;
/** Payload limit of a synchronous invocation. A record that is larger on its own goes alone. */
export const PAYLOAD_MAX_BYTES = 6 * 1024 * 1024;

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

/**
 * Takes the next batch into flight, where one is due. Records that are too old are discarded on the way. Without a
 * batch, `dueMs` says when to ask again; it is `undefined` where only new records or the delivery's end change anything.
 */
export function takeBatch<R extends LaneRecord>(lane: Lane<R>, settings: LaneSettings, nowMs: number): TakenStep<R> {
  if (lane.inFlight) return { lane, discarded: [], batch: undefined, dueMs: undefined };
  const { lane: fresh, discarded } = discardOld(lane, settings, nowMs);
  const later = (dueMs: number | undefined): TakenStep<R> => ({ lane: fresh, discarded, batch: undefined, dueMs });
  const take = (batch: Batch<R>, change: Partial<Lane<R>>): TakenStep<R> => {
    return { lane: { ...fresh, ...change, inFlight: batch }, discarded, batch, dueMs: undefined };
  };
  if (nowMs < fresh.notBeforeMs) return later(fresh.notBeforeMs);
  const [retry, ...retries] = fresh.retries;
  if (retry) return take(withState(retry, fresh.window), { retries });
  const { tumblingWindowMs } = settings;
  const [oldest] = fresh.waiting;
  const { window } = fresh;
  if (window && isOver(window, oldest, fresh.isEnded, settings, nowMs)) {
    return take({ ...FIRST, records: [], window: batchWindow(window, tumblingWindowMs, true) }, {});
  }
  if (!oldest) return later(window && window.startMs + tumblingWindowMs);
  const own =
    window ?? (tumblingWindowMs > 0 ? openWindow(windowStart(oldest.arrivalMs, tumblingWindowMs)) : undefined);
  const endMs = own ? own.startMs + tumblingWindowMs : Number.POSITIVE_INFINITY;
  const { count, isFull } = nextBatch(fresh.waiting, settings, endMs);
  const dueMs = Math.min(oldest.arrivalMs + settings.batchingWindowMs, endMs);
  if (!isFull && !fresh.isEnded && nowMs < dueMs) return later(dueMs);
  const batch: Batch<R> = {
    ...FIRST,
    records: fresh.waiting.slice(0, count),
    window: own && batchWindow(own, tumblingWindowMs, false),
  };
  return take(batch, { waiting: fresh.waiting.slice(count), window: own });
}

const FIRST = { failedAttempts: 0, deliveries: 0 };

/** Ends the delivery in flight. */
export function settle<R extends LaneRecord>(
  lane: Lane<R>,
  delivery: Delivery,
  settings: LaneSettings,
  nowMs: number,
): LaneStep<R> {
  const { inFlight } = lane;
  if (!inFlight) return { lane, discarded: [] };
  const landed: Lane<R> = { ...lane, inFlight: undefined };
  const windowAfter = (state: unknown): OpenWindow | undefined =>
    inFlight.window ? nextWindow(inFlight.window, state) : lane.window;
  if (delivery.kind === 'succeeded') {
    const window = windowAfter(delivery.state);
    return { lane: { ...landed, notBeforeMs: 0, consecutiveFailures: 0, window }, discarded: [] };
  }
  const consecutiveFailures = lane.consecutiveFailures + 1;
  const delayed: Lane<R> = { ...landed, consecutiveFailures, notBeforeMs: nowMs + retryDelayMs(consecutiveFailures) };
  if (delivery.kind === 'throttled') {
    return { lane: { ...delayed, retries: [inFlight, ...lane.retries] }, discarded: [] };
  }
  const from = failedIndex(inFlight, delivery);
  const window = delivery.kind === 'partially-failed' && from > 0 ? windowAfter(delivery.state) : lane.window;
  const pieces = retryPieces(inFlight, from, settings);
  const exhausted = pieces.filter(({ failedAttempts }) => failedAttempts > settings.maxRetryAttempts);
  const again = pieces.filter(({ failedAttempts }) => failedAttempts <= settings.maxRetryAttempts);
  const isWindowLost = inFlight.window?.isFinal === true && exhausted.length > 0;
  return {
    lane: { ...delayed, retries: [...again, ...lane.retries], window: isWindowLost ? undefined : window },
    discarded: exhausted.map((batch) => ({ batch, reason: 'RetryAttemptsExhausted' })),
  };
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

/** `RETRY_BASE_MS · 2^(n−1)`, at most `RETRY_CAP_MS`. */
export function retryDelayMs(consecutiveFailures: number): number {
  return Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** (consecutiveFailures - 1));
}

/** A window is over at its end, when a later record arrived, when its state is too large, or with its shard. */
function isOver<R extends LaneRecord>(
  window: OpenWindow,
  oldest: R | undefined,
  isEnded: boolean,
  { tumblingWindowMs }: LaneSettings,
  nowMs: number,
): boolean {
  if (window.isTerminatedEarly) return true;
  const endMs = window.startMs + tumblingWindowMs;
  return oldest ? oldest.arrivalMs >= endMs : isEnded || nowMs >= endMs;
}

/** How many of the records that wait go into the next batch, and whether more cannot join them. */
function nextBatch<R extends LaneRecord>(
  waiting: readonly R[],
  { batchSize }: LaneSettings,
  windowEndMs: number,
): { readonly count: number; readonly isFull: boolean } {
  let bytes = 0;
  let count = 0;
  for (const record of waiting) {
    bytes += record.bytes;
    const fits = count < batchSize && (count === 0 || bytes <= PAYLOAD_MAX_BYTES) && record.arrivalMs < windowEndMs;
    if (!fits) return { count, isFull: true };
    count += 1;
  }
  return { count, isFull: count === batchSize };
}

/** Index of the first record that was not processed. */
function failedIndex<R extends LaneRecord>(
  { records }: Batch<R>,
  delivery: { readonly kind: 'failed' } | { readonly kind: 'partially-failed'; readonly failedFrom: string },
): number {
  if (delivery.kind === 'failed') return 0;
  return records.findIndex(({ sequenceNumber }) => sequenceNumber === delivery.failedFrom);
}

/** What is left of a failed batch. Splitting one does not count against the retry limit. */
function retryPieces<R extends LaneRecord>(batch: Batch<R>, from: number, { bisectOnError }: LaneSettings): Batch<R>[] {
  const { records, failedAttempts } = batch;
  const deliveries = batch.deliveries + 1;
  if (from > 0) {
    const attempts = bisectOnError ? failedAttempts : failedAttempts + 1;
    return [{ ...batch, records: records.slice(from), failedAttempts: attempts, deliveries }];
  }
  if (bisectOnError && records.length > 1) {
    const middle = Math.ceil(records.length / 2);
    return [records.slice(0, middle), records.slice(middle)].map((half) => ({ ...batch, records: half, deliveries }));
  }
  return [{ ...batch, failedAttempts: failedAttempts + 1, deliveries }];
}

/** A batch that is repeated sees the state that the ones before it left. */
function withState<R extends LaneRecord>(batch: Batch<R>, window: OpenWindow | undefined): Batch<R> {
  return batch.window && window ? { ...batch, window: { ...batch.window, state: window.state } } : batch;
}

function discardOld<R extends LaneRecord>(lane: Lane<R>, settings: LaneSettings, nowMs: number): LaneStep<R> {
  if (settings.maxRecordAgeMs === Number.POSITIVE_INFINITY) return { lane, discarded: [] };
  const isFresh = ({ arrivalMs }: R): boolean => nowMs - arrivalMs <= settings.maxRecordAgeMs;
  const isUntouched = lane.waiting.every(isFresh) && lane.retries.every(({ records }) => records.every(isFresh));
  if (isUntouched) return { lane, discarded: [] };
  const discarded: Discarded<R>[] = [];
  const keep = (batch: Batch<R>): Batch<R> | undefined => {
    const old = batch.records.filter((record) => !isFresh(record));
    if (old.length === 0) return batch;
    discarded.push({ batch: { ...batch, records: old }, reason: 'RecordAgeExceeded' });
    const records = batch.records.filter(isFresh);
    return records.length > 0 ? { ...batch, records } : undefined;
  };
  const retries = lane.retries.flatMap((batch) => keep(batch) ?? []);
  const waiting = keep({ ...FIRST, records: lane.waiting, window: undefined })?.records ?? [];
  return { lane: { ...lane, retries, waiting }, discarded };
}
