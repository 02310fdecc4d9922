/** How an invocation ended. Only `ok` carries what the handler returned. */
export type InvokeOutcome =
  | { readonly ok: true; readonly payload: unknown }
  | {
      readonly ok: false;
      readonly kind: 'throttled' | 'timed-out' | 'failed' | 'unknown-function';
      readonly errorType: string;
      readonly errorMessage: string;
    };

/** Invokes a function synchronously by ARN (with or without qualifier) or name; never rejects. */
export type Invoke = (functionArnOrName: string, payload: unknown) => Promise<InvokeOutcome>;
