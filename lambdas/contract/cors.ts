/** Pages of any origin may call: callers are known by token, never by cookie, so a foreign page has nothing to borrow. */
export const CORS_ALLOWED_ORIGIN = '*';

/** Request headers that a page of another origin may send, answered to its preflight. */
export const CORS_ALLOWED_HEADERS = ['Authorization', 'Content-Type', 'Idempotency-Key', 'traceparent', 'tracestate'];

/** Response headers that a page of another origin may read; every answer names them, the gateway's and the services'. */
export const CORS_EXPOSED_HEADERS = [
  'Idempotency-Replayed',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Cache',
];
