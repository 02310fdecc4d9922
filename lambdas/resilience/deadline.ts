/** What bounds the time of one request, in ms; all but `nowMs` are spans. */
export interface RequestBounds {
  readonly nowMs: number;
  /** Until Lambda ends the invocation. */
  readonly remainingMs: number;
  /** What is kept back to write the answer in. */
  readonly reserveMs: number;
  /** What the caller said it waits. */
  readonly hintMs?: number | undefined;
}

/** When the request's work must be over, in ms since the epoch: the earliest of its bounds. Not before now. */
export function deadlineOf({ nowMs, remainingMs, reserveMs, hintMs }: RequestBounds): number {
  const spanMs = Math.min(remainingMs - reserveMs, hintMs ?? Number.POSITIVE_INFINITY);
  return nowMs + Math.max(0, spanMs);
}

/** Longest that API Gateway waits: who says more has said nothing. */
export const REQUEST_TIMEOUT_MAX_MS = 29_000;

export type RequestTimeout = { readonly hintMs: number | undefined } | { readonly problem: string };

/**
 * Reads the header `Request-Timeout`: the seconds that the caller waits, up to three decimals. More than the gateway
 * waits counts as that. What is broken is a problem to tell the caller of, who would otherwise believe in a deadline
 * that nobody keeps.
 */
export function readRequestTimeout(header: string | undefined): RequestTimeout {
  if (header === undefined) return { hintMs: undefined };
  const hintMs = /^\d{1,9}(?:\.\d{1,3})?$/.test(header) ? Math.round(Number(header) * 1_000) : 0;
  if (hintMs > 0) return { hintMs: Math.min(hintMs, REQUEST_TIMEOUT_MAX_MS) };
  return { problem: `Request-Timeout must be seconds above 0, such as 5 or 0.25, got '${header.slice(0, 32)}'` };
}
