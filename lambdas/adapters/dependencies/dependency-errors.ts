import { ServiceError } from '../../errors/service-error.ts';

/** A breaker that is not open now says nothing of when to come back. */
const RETRY_MIN_MS = 1_000;
/** Who was refused together does not come back together. */
const JITTER_RATIO = 0.2;

/** The breaker refuses. @param chance in [0, 1). */
export function dependencyUnavailable(name: string, retryMs: number, chance: number): ServiceError {
  const waitMs = Math.max(RETRY_MIN_MS, retryMs) * (1 + JITTER_RATIO * chance);
  return new ServiceError('dependency-unavailable', `'${name}' fails too often or is too slow: its breaker is open`, {
    statusCode: 503,
    headers: { 'Retry-After': String(Math.ceil(waitMs / 1_000)) },
  });
}

/** More calls at a time than this process may make. */
export function dependencyBusy(name: string, cause: unknown): ServiceError {
  return new ServiceError('dependency-busy', `too many calls of '${name}' at a time`, {
    statusCode: 503,
    headers: { 'Retry-After': '1' },
    cause,
  });
}

export function dependencyTimeout(name: string, timeoutMs: number): ServiceError {
  return new ServiceError('dependency-timeout', `'${name}' did not answer within ${timeoutMs} ms`, { statusCode: 504 });
}

export function dependencyFailed(name: string, cause: unknown): ServiceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ServiceError('dependency-failed', `'${name}' failed: ${reason}`, { statusCode: 502, cause });
}

/** The request's own time is over: nothing was begun, or what was begun is not waited for. */
export function deadlinePassed(name: string): ServiceError {
  return new ServiceError('deadline-passed', `the request's time was over before '${name}' had answered`, {
    statusCode: 504,
  });
}
