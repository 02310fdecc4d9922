/** Request headers that a page of another origin may send, answered to its preflight. */
export const CORS_ALLOWED_HEADERS = ['Authorization', 'Content-Type', 'Idempotency-Key', 'traceparent', 'tracestate'];

/** Response headers that a page of another origin may read; every answer names them, the gateway's and the services'. */
export const CORS_EXPOSED_HEADERS = ['Location', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'WWW-Authenticate'];
