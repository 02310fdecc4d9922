import type { Batch, Delivery, Lane, LaneRecord, LaneSettings, LaneStep } from './lane.ts';
import { nextWindow, type OpenWindow } from './tumbling-window.ts';

/** Delay after the first failure; it doubles with each further one. AWS does not publish its own. */
const RETRY_BASE_MS = 100;
const RETRY_CAP_MS = 30_000;
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

/** `RETRY_BASE_MS · 2^(n−1)`, at most `RETRY_CAP_MS`. */
export function retryDelayMs(consecutiveFailures: number): number {
  return Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** (consecutiveFailures - 1));
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
