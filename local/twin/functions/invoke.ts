import type { Principal } from '../aws/principal.ts';

/** Why Lambda throttled, as the `Reason` member of its TooManyRequestsException says. */
export type ThrottleReason =
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'ReservedFunctionInvocationRateLimitExceeded'
  | 'ConcurrentInvocationLimitExceeded'
  | 'FunctionInvocationRateLimitExceeded';

/** What ran, for those who ask more than how it ended. */
export interface InvocationRecord {
  readonly requestId: string;
  /** `$LATEST`, or the number of the version. */
  readonly executedVersion: string;
  /** The answer, or the error, as the function's JSON text. */
  readonly responseJson: string;
  /** What the invocation logged, at most the last 4 KB of it; only where it was asked for. */
  readonly logTail?: string;
}

/** How an invocation ended. Only `ok` carries what the handler returned. */
export type InvokeOutcome =
  | { readonly ok: true; readonly payload: unknown; readonly record?: InvocationRecord }
  | {
      readonly ok: false;
      readonly kind: 'throttled' | 'timed-out' | 'failed' | 'unknown-function' | 'denied';
      readonly errorType: string;
      readonly errorMessage: string;
      /** Stack trace of what the handler threw. */
      readonly trace?: readonly string[];
      /** With kind 'throttled'. */
      readonly reason?: ThrottleReason;
      readonly record?: InvocationRecord;
    };

/** What a caller may say besides the event. */
export interface InvokeOptions {
  /** `X-Amzn-Trace-Id` of the caller. @default - a trace of its own */
  readonly traceId?: string | undefined;
  /** JSON text of the client context. */
  readonly clientContextJson?: string | undefined;
  /** @default - a new one */
  readonly requestId?: string | undefined;
  /** Whether the outcome has a record, with the end of the log. @default false */
  readonly isRecorded?: boolean | undefined;
}

/**
 * Invokes a function synchronously by ARN (with or without qualifier) or name; never rejects. Where a principal is given,
 * IAM decides whether it may: API Gateway, SNS and others call in their own name, by the function's resource policy.
 */
export type Invoke = (
  functionArnOrName: string,
  payload: unknown,
  principal?: Principal,
  options?: InvokeOptions,
) => Promise<InvokeOutcome>;

/**
 * Hands an event to a function and resolves when Lambda has taken it, or refused it: retries, dead letters and
 * destinations follow as the function's `EventInvokeConfig` says. Never rejects.
 */
export type InvokeAsync = (
  functionArnOrName: string,
  payload: unknown,
  principal?: Principal,
  options?: InvokeOptions,
) => Promise<{ readonly ok: true } | (InvokeOutcome & { readonly ok: false })>;
