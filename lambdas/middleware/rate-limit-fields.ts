import type { LimitVerdict } from '../resilience/limiters/limit.ts';

/** The largest Integer of RFC 9651. */
const MAX_INTEGER = 999_999_999_999_999;

/**
 * A name as a String of RFC 9651.
 * @throws RangeError for a name that is not printable ASCII.
 */
export function quoteName(name: string): string {
  if (!/^[\x20-\x7e]+$/.test(name)) throw new RangeError(`the name of a limit must be printable ASCII, got '${name}'`);
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}

/**
 * One item of the `RateLimit` field (IETF httpapi draft 10): what is left, and after how many seconds all of it is
 * there again; after a denial, until the request that was denied has a chance.
 */
export function rateLimitItem(name: string, { allowed, remaining, resetMs, waitMs }: LimitVerdict): string {
  return `${quoteName(name)};r=${wholeNumber(remaining)};t=${allowed ? seconds(resetMs) : retrySeconds(waitMs)}`;
}

/** `Retry-After` of one denial, in whole seconds of at least 1. */
export function retrySeconds(waitMs: number): number {
  return Math.max(1, seconds(waitMs));
}

function seconds(ms: number): number {
  return Math.min(MAX_INTEGER, Math.ceil(ms / 1_000));
}

function wholeNumber(value: number): number {
  return Math.min(MAX_INTEGER, Math.max(0, Math.floor(value)));
}
