import { IDEMPOTENCY_KEY_HEADER, IDEMPOTENCY_REPLAYED_HEADER } from './idempotency.ts';

/** Pages of any origin may call: callers are known by token, never by cookie, so a foreign page has nothing to borrow. */
export const CORS_ALLOWED_ORIGIN = '*';

/** Request headers that a page of another origin may send, answered to its preflight. */
export const CORS_ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  IDEMPOTENCY_KEY_HEADER,
  'traceparent',
  'tracestate',
];

/** Response headers that a page of another origin may read; every answer names them, the gateway's and the services'. */
export const CORS_EXPOSED_HEADERS = [
  IDEMPOTENCY_REPLAYED_HEADER,
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Cache',
];
