/**
 * One lane of a shard: records with the same partition keys, delivered in order, one batch at a time. State in, state
 * out, time as an argument; source: Lambda developer guide, "Using Lambda to process records from Kinesis streams".
 */

/** What a lane must know of a record; the rest travels along. */
export interface LaneRecord {
  readonly sequenceNumber: string;
  readonly arrivalMs: number;
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
}

/** Records that are delivered together. */
export interface Batch<R extends LaneRecord> {
  readonly records: readonly R[];
  /** Deliveries that failed and count against the retry limit. */
  readonly failedAttempts: number;
  /** All deliveries so far, the bisected ones included. */
  readonly deliveries: number;
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
}

/** Why a batch was given up, as the message on the failure destination says it. */
export type DiscardReason = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface Discarded<R extends LaneRecord> {
  readonly batch: Batch<R>;
  readonly reason: DiscardReason;
}

/** How a delivery ended. `failedFrom`: everything before this sequence number was processed. */
export type Delivery =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'partially-failed'; readonly failedFrom: string }
  /** The function had no capacity; that is no failure of the batch. */
  | { readonly kind: 'throttled' };

export interface LaneStep<R extends LaneRecord> {
  readonly lane: Lane<R>;
  readonly discarded: readonly Discarded<R>[];
}

/** Delay after the first failure; it doubles with each further one. AWS does not publish its own. */
const RETRY_BASE_MS = 100;
const RETRY_CAP_MS = 30_000;

export function emptyLane<R extends LaneRecord>(): Lane<R> {
  return { retries: [], waiting: [], inFlight: undefined, notBeforeMs: 0, consecutiveFailures: 0 };
}

/** Adds records that were read from the shard. */
export function offer<R extends LaneRecord>(lane: Lane<R>, records: readonly R[]): Lane<R> {
  return { ...lane, waiting: [...lane.waiting, ...records] };
}

/**
 * Takes the next batch into flight, where one is due. Records that are too old are discarded on the way. Without a
 * batch, `dueMs` says when to ask again; it is `undefined` where only new records or the delivery's end change anything.
 */
export function takeBatch<R extends LaneRecord>(
  lane: Lane<R>,
  settings: LaneSettings,
  nowMs: number,
): LaneStep<R> & { readonly batch: Batch<R> | undefined; readonly dueMs: number | undefined } {
  if (lane.inFlight) return { lane, discarded: [], batch: undefined, dueMs: undefined };
  const { lane: fresh, discarded } = discardOld(lane, settings, nowMs);
  if (nowMs < fresh.notBeforeMs) return { lane: fresh, discarded, batch: undefined, dueMs: fresh.notBeforeMs };
  const [retry, ...retries] = fresh.retries;
  if (retry) return { lane: { ...fresh, retries, inFlight: retry }, discarded, batch: retry, dueMs: undefined };
  const [oldest] = fresh.waiting;
  if (!oldest) return { lane: fresh, discarded, batch: undefined, dueMs: undefined };
  const dueMs = oldest.arrivalMs + settings.batchingWindowMs;
  if (fresh.waiting.length < settings.batchSize && nowMs < dueMs) {
    return { lane: fresh, discarded, batch: undefined, dueMs };
  }
  const batch: Batch<R> = { records: fresh.waiting.slice(0, settings.batchSize), failedAttempts: 0, deliveries: 0 };
  const waiting = fresh.waiting.slice(settings.batchSize);
  return { lane: { ...fresh, waiting, inFlight: batch }, discarded, batch, dueMs: undefined };
}

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
  if (delivery.kind === 'succeeded')
    return { lane: { ...landed, notBeforeMs: 0, consecutiveFailures: 0 }, discarded: [] };
  const consecutiveFailures = lane.consecutiveFailures + 1;
  const delayed: Lane<R> = { ...landed, consecutiveFailures, notBeforeMs: nowMs + retryDelayMs(consecutiveFailures) };
  if (delivery.kind === 'throttled') {
    return { lane: { ...delayed, retries: [inFlight, ...lane.retries] }, discarded: [] };
  }
  const pieces = retryPieces(inFlight, delivery, settings);
  const exhausted = pieces.filter(({ failedAttempts }) => failedAttempts > settings.maxRetryAttempts);
  const again = pieces.filter(({ failedAttempts }) => failedAttempts <= settings.maxRetryAttempts);
  return {
    lane: { ...delayed, retries: [...again, ...lane.retries] },
    discarded: exhausted.map((batch) => ({ batch, reason: 'RetryAttemptsExhausted' })),
  };
}

/** Sequence number of the oldest record that is not done with; `undefined`: all are. */
export function oldestUnfinished<R extends LaneRecord>(lane: Lane<R>): string | undefined {
  // Order within a lane: what is in flight, what is to be repeated, what waits.
  const first = lane.inFlight?.records[0] ?? lane.retries[0]?.records[0] ?? lane.waiting[0];
  return first?.sequenceNumber;
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

/** What is left of a failed batch. Splitting one does not count against the retry limit. */
function retryPieces<R extends LaneRecord>(
  batch: Batch<R>,
  delivery: { readonly kind: 'failed' } | { readonly kind: 'partially-failed'; readonly failedFrom: string },
  settings: LaneSettings,
): Batch<R>[] {
  const { records, failedAttempts } = batch;
  const deliveries = batch.deliveries + 1;
  const from =
    delivery.kind === 'failed' ? 0 : records.findIndex(({ sequenceNumber }) => sequenceNumber === delivery.failedFrom);
  if (from > 0) {
    const attempts = settings.bisectOnError ? failedAttempts : failedAttempts + 1;
    return [{ records: records.slice(from), failedAttempts: attempts, deliveries }];
  }
  if (settings.bisectOnError && records.length > 1) {
    const middle = Math.ceil(records.length / 2);
    return [records.slice(0, middle), records.slice(middle)].map((half) => ({
      records: half,
      failedAttempts,
      deliveries,
    }));
  }
  return [{ records, failedAttempts: failedAttempts + 1, deliveries }];
}

function discardOld<R extends LaneRecord>(lane: Lane<R>, settings: LaneSettings, nowMs: number): LaneStep<R> {
  const isFresh = ({ arrivalMs }: R): boolean => nowMs - arrivalMs <= settings.maxRecordAgeMs;
  const isUntouched = lane.waiting.every(isFresh) && lane.retries.every(({ records }) => records.every(isFresh));
  if (isUntouched) return { lane, discarded: [] };
  const discarded: Discarded<R>[] = [];
  const keep = (batch: Batch<R>): Batch<R> | undefined => {
    const old = batch.records.filter((record) => !isFresh(record));
    if (old.length > 0) discarded.push({ batch: { ...batch, records: old }, reason: 'RecordAgeExceeded' });
    const records = batch.records.filter(isFresh);
    return records.length > 0 ? { ...batch, records } : undefined;
  };
  const retries = lane.retries.flatMap((batch) => keep(batch) ?? []);
  const waiting = keep({ records: lane.waiting, failedAttempts: 0, deliveries: 0 })?.records ?? [];
  return { lane: { ...lane, retries, waiting }, discarded };
}
