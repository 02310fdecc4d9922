import type { Ending } from '../adapters/admission/admission.ts';
import { ServiceError } from '../errors/service-error.ts';
import type { Exchange } from './exchange.ts';

/**
 * What the end of a request says about the load (Netflix concurrency-limits): a success how long work takes now; a
 * time-out or an outage that there was too much; a refusal for other reasons, a mistake of ours or a cached answer nothing.
 */
export function endingOf(exchange: Exchange, status: number | undefined, error: unknown, nowMs: number): Ending {
  const { route, admittedAtMs = nowMs, cost, cache, reply, isHinted, deadlineMs, idempotency } = exchange;
  // A deadline of the caller's own says how long they wait, not how much there is to do: with short ones, one caller could
  // otherwise have everybody else shed.
  const isGivenUp = isHinted && nowMs >= deadlineMs;
  const latencyRatio = Math.max(0, nowMs - admittedAtMs) / route.spec.latencyTargetMs;
  // Given again, not worked for.
  const isKept = cache === 'hit' || reply !== undefined || idempotency?.outcome === 'replayed';
  return { kind: kindOf(status, error, isGivenUp || isKept), latencyRatio, cost };
}

function kindOf(status: number | undefined, error: unknown, isNoMeasure: boolean): Ending['kind'] {
  if (isNoMeasure) return 'ignored';
  if (error instanceof ServiceError && (error.statusCode === 503 || error.statusCode === 504)) return 'dropped';
  if (status === undefined || status >= 400) return 'ignored';
  return 'success';
}
