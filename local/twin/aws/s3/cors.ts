import { s3Error } from './s3-error.ts';

/** A rule of a bucket about pages of other origins. */
export interface CorsRule {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAgeSeconds?: number;
}

/** A rule as AWS::S3::Bucket has it. */
export interface CorsRuleProperty {
  readonly AllowedHeaders?: readonly string[];
  readonly AllowedMethods: readonly string[];
  readonly AllowedOrigins: readonly string[];
  readonly ExposedHeaders?: readonly string[];
  readonly MaxAge?: number | string;
}

export function corsRules(rules: readonly CorsRuleProperty[]): CorsRule[] {
  return rules.map(({ AllowedOrigins, AllowedMethods, AllowedHeaders = [], ExposedHeaders = [], MaxAge }) => ({
    origins: AllowedOrigins,
    methods: AllowedMethods,
    headers: AllowedHeaders,
    exposed: ExposedHeaders,
    ...(MaxAge !== undefined && { maxAgeSeconds: Number(MaxAge) }),
  }));
}

/** What a browser asks before, or says with, a request from another origin. */
export interface CorsRequest {
  readonly origin: string;
  /** Of the request itself, or of the one that a preflight is about. */
  readonly method: string;
  /** Names that a preflight asks about. */
  readonly headers: readonly string[];
}

/** Headers for the page's browser by the first rule that fits; none where no rule does. */
export function corsHeaders(rules: readonly CorsRule[], request: CorsRequest): Record<string, string> {
  const rule = rules.find((candidate) => fits(candidate, request));
  if (!rule) return {};
  const isAny = rule.origins.includes('*');
  return {
    'Access-Control-Allow-Origin': isAny ? '*' : request.origin,
    'Access-Control-Allow-Methods': rule.methods.join(', '),
    ...(request.headers.length > 0 && { 'Access-Control-Allow-Headers': request.headers.join(', ') }),
    ...(rule.exposed.length > 0 && { 'Access-Control-Expose-Headers': rule.exposed.join(', ') }),
    ...(rule.maxAgeSeconds !== undefined && { 'Access-Control-Max-Age': String(rule.maxAgeSeconds) }),
    ...(!isAny && { 'Access-Control-Allow-Credentials': 'true' }),
    Vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

/** The answer to a preflight. @throws AwsError AccessForbidden where no rule lets the page do it. */
export function preflight(rules: readonly CorsRule[], request: CorsRequest): Record<string, string> {
  const members = { Method: request.method, ResourceType: 'OBJECT' };
  if (rules.length === 0) {
    throw s3Error('AccessForbidden', 'CORSResponse: CORS is not enabled for this bucket.', members);
  }
  const headers = corsHeaders(rules, request);
  if (Object.keys(headers).length > 0) return headers;
  const message =
    'CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, request method / ' +
    "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.";
  throw s3Error('AccessForbidden', message, members);
}

function fits({ origins, methods, headers }: CorsRule, request: CorsRequest): boolean {
  return (
    origins.some((pattern) => matches(pattern, request.origin)) &&
    methods.includes(request.method) &&
    request.headers.every((name) => headers.some((pattern) => matches(pattern.toLowerCase(), name.toLowerCase())))
  );
}

/** A pattern has one `*` at most. */
function matches(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text;
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}
