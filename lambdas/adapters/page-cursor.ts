import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CachedValueTimes } from './cached-value.ts';

/**
 * The cursor secret is generated once and does not rotate: a cursor lives as long as somebody scrolls. An operator who
 * replaces it ends all cursors within ten minutes; while it cannot be read, the one that was read goes on.
 */
export const CURSOR_SECRET_TIMES: CachedValueTimes = {
  refreshAfterMs: 600_000,
  expireAfterMs: Number.POSITIVE_INFINITY,
};

const MAC_BYTES = 32;
const CURSOR_PATTERN = /^[A-Za-z0-9_-]{44,512}$/;

/** What a cursor is good for: one caller, on one route. Anywhere else it is as wrong as a forged one. */
export interface CursorScope {
  readonly sub: string;
  /** Such as `GET /api/feed`. */
  readonly route: string;
}

export interface PageCursors {
  sign(scope: CursorScope, position: string): Promise<string>;
  /** The position that was signed, or undefined for a cursor that we did not sign for this scope. */
  open(scope: CursorScope, cursor: string): Promise<string | undefined>;
}

/**
 * Opaque pagination cursors: base64url of HMAC-SHA256 (32 bytes) and position. The signature keeps callers from asking
 * for positions that were never handed to them, and leaves us free to change what a position is.
 */
export function createPageCursors(readSecret: () => Promise<string>): PageCursors {
  const mac = async ({ route, sub }: CursorScope, position: string) =>
    // As JSON, so that no two different triples make the same message.
    createHmac('sha256', await readSecret())
      .update(JSON.stringify([route, sub, position]))
      .digest();
  return {
    async sign(scope, position) {
      return Buffer.concat([await mac(scope, position), Buffer.from(position)]).toString('base64url');
    },
    async open(scope, cursor) {
      if (!CURSOR_PATTERN.test(cursor)) return undefined;
      const bytes = Buffer.from(cursor, 'base64url');
      const position = bytes.subarray(MAC_BYTES).toString();
      return timingSafeEqual(bytes.subarray(0, MAC_BYTES), await mac(scope, position)) ? position : undefined;
    },
  };
}
