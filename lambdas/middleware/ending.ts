import type { Ending } from '../adapters/admission/admission.ts';
import { ServiceError } from '../errors/service-error.ts';
import type { Exchange } from './exchange.ts';

/**
 * What the end of a request says about the load (Netflix concurrency-limits): a success how long work takes now; a
 * time-out or an outage that there was too much; a refusal for other reasons, a mistake of ours or a cached answer nothing.
 */
export function endingOf(exchange: Exchange, status: number | undefined, error: unknown, nowMs: number): Ending {
  const { route, admittedAtMs = nowMs, cost, cache, reply } = exchange;
  const latencyRatio = Math.max(0, nowMs - admittedAtMs) / route.spec.latencyTargetMs;
  return { kind: kindOf(status, error, cache === 'hit' || reply !== undefined), latencyRatio, cost };
}

function kindOf(status: number | undefined, error: unknown, isAnsweredEarly: boolean): Ending['kind'] {
  if (error instanceof ServiceError && (error.statusCode === 503 || error.statusCode === 504)) return 'dropped';
  if (status === undefined || status >= 400 || isAnsweredEarly) return 'ignored';
  return 'success';
}
