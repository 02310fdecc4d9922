/** Names a request that its caller may send again (draft-ietf-httpapi-idempotency-key-header). */
export const IDEMPOTENCY_KEY_HEADER = 'Idempotency-Key';
/** `true` on an answer that was given before. */
export const IDEMPOTENCY_REPLAYED_HEADER = 'Idempotency-Replayed' as const;

/** 1 to 255 visible ASCII characters: what a UUID or any digest fits in. */
export const IDEMPOTENCY_KEY_PATTERN = /^[\x21-\x7e]{1,255}$/;

/** For how long an answer is kept where a route says nothing, in seconds. */
export const IDEMPOTENCY_KEEP_SECONDS = 86_400;
