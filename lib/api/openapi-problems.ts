import { IDEMPOTENCY_REPLAYED_HEADER } from '../../lambdas/contract/idempotency.ts';
import { PROBLEM_CONTENT_TYPE } from '../../lambdas/contract/problem.ts';
import type { JsonSchema } from './json-schema-draft4.ts';
import type { Route } from './route.ts';

/** A refusal that several operations share. */
interface ProblemResponse {
  readonly status: number;
  readonly name: string;
  /** The response object, given the schema of a problem. */
  render(problem: JsonSchema): object;
  appliesTo(route: Route): boolean;
}

export const header = (name: keyof typeof ANSWER_HEADERS) => ({ $ref: `#/components/headers/${name}` });

/** RateLimit fields of draft-ietf-httpapi-ratelimit-headers-10, the field that wins over them, and those of other answers. */
export const ANSWER_HEADERS = {
  'RateLimit-Policy': {
    description: 'The limits that apply: a quota `q` of requests for each window of `w` seconds.',
    schema: { type: 'string' },
    example: '"user";q=20;w=2',
  },
  RateLimit: {
    description: 'What is left of them: `r` requests now, and more after `t` seconds.',
    schema: { type: 'string' },
    example: '"user";r=19;t=1',
  },
  'Retry-After': { description: 'Seconds after which to try again.', schema: { type: 'integer', minimum: 0 } },
  'Work-Id': { description: 'The id of the work, as in the body.', schema: { type: 'string' } },
  [IDEMPOTENCY_REPLAYED_HEADER]: {
    description: '`true` where the answer was given before.',
    schema: { type: 'string', enum: ['true'] },
  },
  Location: { description: 'Where the state of the request is read.', schema: { type: 'string' } },
  'WWW-Authenticate': { description: 'What is wrong with the token (RFC 6750).', schema: { type: 'string' } },
} as const;

export const PROBLEM_RESPONSES: readonly ProblemResponse[] = [
  problem(400, 'BadRequest', 'A field or a parameter is wrong.', takesInput),
  problem(401, 'Unauthorized', 'The token is missing, wrong or expired.', hasScope, ['WWW-Authenticate']),
  problem(403, 'Forbidden', 'The token lacks the scope, or its tier is closed.', hasScope, ['WWW-Authenticate']),
  problem(409, 'Conflict', 'A request with this `Idempotency-Key` is being served; try again.', isKeyed, [
    'Retry-After',
  ]),
  problem(413, 'ContentTooLarge', 'The body is larger than a message of the queue may be.', isQueued),
  problem(422, 'UnprocessableContent', 'This `Idempotency-Key` was used for another request.', isKeyed),
  problem(429, 'TooManyRequests', 'A limit of the caller, the tier, the route or the API is reached.', always, [
    'RateLimit-Policy',
    'RateLimit',
    'Retry-After',
  ]),
  problem(500, 'InternalServerError', 'The service failed.', always),
  problem(
    503,
    'ServiceUnavailable',
    'Too much load for what the request is worth, or something the service needs is down; try again.',
    always,
    ['Retry-After'],
  ),
  problem(504, 'GatewayTimeout', 'The service did not answer in time.', always),
];

/** The refusals that a route can give. */
export function problemStatuses(route: Route): readonly ProblemResponse[] {
  return PROBLEM_RESPONSES.filter((response) => response.appliesTo(route));
}

/** The `headers` of a route's answers: limits are announced wherever one is counted. */
export function rateLimitHeaders(route: Route): { readonly headers?: object } {
  if (route.isPublic && route.limits.length === 0) return {};
  return { headers: { 'RateLimit-Policy': header('RateLimit-Policy'), RateLimit: header('RateLimit') } };
}

/** The `headers` of what a route answers when all went well. */
export function answerHeaders(route: Route): { readonly headers?: object } {
  if (isQueued(route)) return { headers: { 'Work-Id': header('Work-Id') } };
  const { headers } = rateLimitHeaders(route);
  return isKeyed(route)
    ? { headers: { ...headers, [IDEMPOTENCY_REPLAYED_HEADER]: header(IDEMPOTENCY_REPLAYED_HEADER) } }
    : rateLimitHeaders(route);
}

function problem(
  status: number,
  name: string,
  description: string,
  appliesTo: (route: Route) => boolean,
  headers: readonly (keyof typeof ANSWER_HEADERS)[] = [],
): ProblemResponse {
  return {
    status,
    name,
    appliesTo,
    render: (schema) => ({
      description,
      ...(headers.length > 0 && { headers: Object.fromEntries(headers.map((key) => [key, header(key)])) }),
      content: { [PROBLEM_CONTENT_TYPE]: { schema } },
    }),
  };
}

function takesInput(route: Route): boolean {
  return route.body !== undefined || route.query !== undefined || route.pathParameters.length > 0 || isKeyed(route);
}

function isQueued(route: Route): boolean {
  return route.queued !== undefined;
}

function isKeyed(route: Route): boolean {
  return route.idempotency !== undefined;
}

function hasScope(route: Route): boolean {
  return !route.isPublic;
}

function always(): boolean {
  return true;
}
