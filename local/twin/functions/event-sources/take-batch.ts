import type { Batch, Discarded, Lane, LaneRecord, LaneSettings, LaneStep } from './lane.ts';
import { batchWindow, type OpenWindow, openWindow, windowStart } from './tumbling-window.ts';

export interface TakenStep<R extends LaneRecord> extends LaneStep<R> {
  readonly batch: Batch<R> | undefined;
  readonly dueMs: number | undefined;
}

/** Payload limit of a synchronous invocation. A record that is larger on its own goes alone. */
export const PAYLOAD_MAX_BYTES = 6 * 1024 * 1024;

const FIRST = { failedAttempts: 0, deliveries: 0 };

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
  const { batchingWindowMs } = settings;
  // Without a window at once, whatever the clock that stamped the arrival says.
  const dueMs = batchingWindowMs === 0 ? nowMs : Math.min(oldest.arrivalMs + batchingWindowMs, endMs);
  if (!isFull && !fresh.isEnded && nowMs < dueMs) return later(dueMs);
  const batch: Batch<R> = {
    ...FIRST,
    records: fresh.waiting.slice(0, count),
    window: own && batchWindow(own, tumblingWindowMs, false),
  };
  return take(batch, { waiting: fresh.waiting.slice(count), window: own });
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
