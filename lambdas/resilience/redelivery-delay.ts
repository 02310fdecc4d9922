import { fullJitterMs } from './backoff.ts';

/** How long a message waits between two attempts, in seconds. */
export interface RedeliveryBackoff {
  /** Longest wait after the first attempt; it doubles with each further one. */
  readonly baseSeconds: number;
  /** Longest wait of all. */
  readonly capSeconds: number;
}

/** SQS hides a message for 12 hours at most, counted from when it was received; an invocation takes 15 minutes at most. */
const HIDDEN_SECONDS_MAX = 43_200 - 900;

/**
 * Full jitter, in whole seconds as SQS takes them: `⌈U(0, min(cap, base·2ⁿ⁻¹))⌉`. At least one second, so that what fails
 * at once does not come back at once.
 * @param attempt the one that failed; 1 is the first.
 * @param chance in [0, 1).
 */
export function redeliveryDelaySeconds(
  { baseSeconds, capSeconds }: RedeliveryBackoff,
  attempt: number,
  chance: number,
): number {
  const capMs = Math.min(capSeconds, HIDDEN_SECONDS_MAX) * 1_000;
  const delayMs = fullJitterMs({ baseMs: baseSeconds * 1_000, capMs }, attempt - 1, chance);
  return Math.max(1, Math.ceil(delayMs / 1_000));
}
