import type { ServiceError } from '../../errors/service-error.ts';

/** What a call gets to know of how it is made. */
export interface CallContext {
  /**
   * Aborted when the attempt has no more time, or another one answered first. Hand it on: `client.send(command,
   * { abortSignal: signal })`, `fetch(url, { signal })`. The SDK's own retries stop at it as well.
   */
  readonly signal: AbortSignal;
  /** When this attempt must be over, in ms since the epoch; for dependencies that can be told. */
  readonly deadlineMs: number;
  /** 1 for the first. */
  readonly attempt: number;
}

export type DependencyCall<T> = (context: CallContext) => Promise<T>;

/** How one call is made, beyond the numbers of its dependency. */
export interface CallOptions<T> {
  /** Whether making it twice does no more than making it once: only then is it retried. @default false */
  readonly idempotent?: boolean;
  /** Whether a second attempt begins beside a first one that takes longer than 95 % do; idempotent calls only. @default false */
  readonly hedge?: boolean;
  /** Answers instead while there is time: breaker open, too slow, too many at a time, or failed. */
  readonly fallback?: (error: ServiceError) => T | Promise<T>;
  /** Whether an error means that the dependency is not well. @default isDependencyFault */
  readonly isFault?: (error: unknown) => boolean;
}
