/** What is known of a service when a request is parked. */
export interface WaitSituation {
  /** 0 (none) to 1 (nothing more is served). */
  readonly overload: number;
  /** Requests that the service can work on at a time. */
  readonly limit: number;
  /** Parked requests that were there before. */
  readonly ahead: number;
  /** Time that such a request takes. */
  readonly latencyMs: number;
  /** For how long the request may be parked. */
  readonly maxMs: number;
}

/** How long a fully loaded service takes until it admits everything again, once the load has fallen. */
export const RECOVERY_MS = 10_000;
const WAIT_MIN_MS = 1_000;

/**
 * How long a request will probably be parked: until the load has fallen, and then until those before it are done, which
 * by Little's law takes `ahead · latency / limit`. When the load falls nobody knows, so it is taken to begin now. Never
 * less than a second, nor more than the request may wait.
 */
export function estimateWaitMs({ overload, limit, ahead, latencyMs, maxMs }: WaitSituation): number {
  const recoveryMs = RECOVERY_MS * Math.min(1, Math.max(0, overload));
  const drainMs = ((Math.max(0, ahead) + 1) * latencyMs) / Math.max(1, limit);
  return Math.min(maxMs, Math.max(WAIT_MIN_MS, recoveryMs + drainMs));
}
