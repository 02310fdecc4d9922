import type { Principal } from '../aws/principal.ts';

/** How an invocation ended. Only `ok` carries what the handler returned. */
export type InvokeOutcome =
  | { readonly ok: true; readonly payload: unknown }
  | {
      readonly ok: false;
      readonly kind: 'throttled' | 'timed-out' | 'failed' | 'unknown-function' | 'denied';
      readonly errorType: string;
      readonly errorMessage: string;
    };

/**
 * Invokes a function synchronously by ARN (with or without qualifier) or name; never rejects. Where a principal is given,
 * IAM decides whether it may: API Gateway, SNS and others call in their own name, by the function's resource policy.
 */
export type Invoke = (functionArnOrName: string, payload: unknown, principal?: Principal) => Promise<InvokeOutcome>;

/**
 * Hands an event to a function and resolves when Lambda has taken it, or refused it: retries, dead letters and
 * destinations follow as the function's `EventInvokeConfig` says. Never rejects.
 */
export type InvokeAsync = (
  functionArnOrName: string,
  payload: unknown,
  principal?: Principal,
) => Promise<{ readonly ok: true } | (InvokeOutcome & { readonly ok: false })>;
