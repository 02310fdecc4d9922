/**
 * W3C Trace Context, level 1: version, trace id, parent id, flags. Without anchors, and in what the regular expressions of
 * JavaScript and of Java have in common: mapping templates of API Gateway hold requests against it as well.
 */
export const TRACEPARENT_PATTERN = '[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}';
