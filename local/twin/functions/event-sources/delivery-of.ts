import type { InvokeOutcome } from '../invoke.ts';
import { itemFailures } from './item-failures.ts';
import type { Batch, Delivery, LaneRecord } from './lane.ts';

/**
 * What an invocation says about its batch. With `ReportBatchItemFailures` the lowest reported sequence number is where
 * to go on. Within a tumbling window a function has to return a state, save for the last invocation.
 */
export function deliveryOf(
  outcome: InvokeOutcome,
  { records, window }: Pick<Batch<LaneRecord>, 'records' | 'window'>,
  reportsItemFailures: boolean,
): Delivery {
  // A function that is not there was not invoked either: AWS goes on trying until the records are too old.
  if (!outcome.ok) {
    return { kind: outcome.kind === 'throttled' || outcome.kind === 'unknown-function' ? 'throttled' : 'failed' };
  }
  const state = (outcome.payload as { readonly state?: unknown } | null | undefined)?.state;
  if (window && !window.isFinal && (typeof state !== 'object' || state === null)) return { kind: 'failed' };
  const ownState = window ? { state } : {};
  if (!reportsItemFailures || records.length === 0) return { kind: 'succeeded', ...ownState };
  const own = new Set(records.map(({ sequenceNumber }) => sequenceNumber));
  const failures = itemFailures(outcome.payload, (identifier) => own.has(identifier));
  if (failures.kind === 'none') return { kind: 'succeeded', ...ownState };
  if (failures.kind === 'invalid') return { kind: 'failed' };
  const lowest = records.find(({ sequenceNumber }) => failures.identifiers.has(sequenceNumber));
  return lowest ? { kind: 'partially-failed', failedFrom: lowest.sequenceNumber, ...ownState } : { kind: 'failed' };
}
