import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as v from 'valibot';

const Parameters = v.nullable(v.record(v.string(), v.string()));

/** What the parking queue carries of a request. No token: whose request it is was verified when it was parked. */
const ParkedMessage = v.object({
  version: v.literal(1),
  parkedId: v.string(),
  /** Decides the shard, whose store counts it among the parked. */
  caller: v.string(),
  parkedAtMs: v.number(),
  deadlineMs: v.number(),
  /** 0 (most important) to 100. */
  position: v.number(),
  /** How long it is meant to take. */
  latencyTargetMs: v.number(),
  request: v.object({
    requestId: v.string(),
    stage: v.string(),
    method: v.string(),
    resource: v.string(),
    path: v.string(),
    /** With what stands before the API's own paths. */
    fullPath: v.string(),
    pathParameters: Parameters,
    query: v.nullable(v.record(v.string(), v.array(v.string()))),
    headers: v.record(v.string(), v.string()),
    body: v.nullable(v.string()),
    isBase64Encoded: v.boolean(),
    sourceIp: v.string(),
    authorizer: v.record(v.string(), v.unknown()),
  }),
});
export type ParkedMessage = v.InferOutput<typeof ParkedMessage>;

/** What a handler may go by. Credentials, cookies and what proxies have added stay behind. */
const KEPT_HEADERS = new Set([
  'accept',
  'accept-language',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'prefer',
  'traceparent',
  'tracestate',
  'user-agent',
]);

/** The message of a request. */
export function parkedMessage(event: APIGatewayProxyEvent, rest: Omit<ParkedMessage, 'version' | 'request'>): string {
  const { requestContext } = event;
  const message: ParkedMessage = {
    version: 1,
    ...rest,
    request: {
      requestId: requestContext.requestId,
      stage: requestContext.stage,
      method: event.httpMethod,
      resource: event.resource,
      path: event.path,
      fullPath: requestContext.path,
      pathParameters: event.pathParameters as Record<string, string> | null,
      query: event.multiValueQueryStringParameters as Record<string, string[]> | null,
      headers: keptHeaders(event),
      body: event.body,
      isBase64Encoded: event.isBase64Encoded,
      sourceIp: requestContext.identity.sourceIp,
      authorizer: { ...requestContext.authorizer },
    },
  };
  return JSON.stringify(message);
}

/** The message, or undefined for anything else. */
export function readParkedMessage(body: string): ParkedMessage | undefined {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), ParkedMessage), body);
  return result.success ? result.output : undefined;
}

/** The request as it was, as far as the message carries it. */
export function restoreEvent({ request }: ParkedMessage): APIGatewayProxyEvent {
  const { method, resource, path, headers, query } = request;
  const each = <T, U>(values: Record<string, T>, change: (value: T) => U): Record<string, U> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
  return {
    resource,
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: each(headers, (value) => [value]),
    // API Gateway gives the last value of each.
    queryStringParameters: query && (each(query, (values) => values.at(-1)) as Record<string, string>),
    multiValueQueryStringParameters: query,
    pathParameters: request.pathParameters,
    stageVariables: null,
    body: request.body,
    isBase64Encoded: request.isBase64Encoded,
    requestContext: {
      authorizer: request.authorizer,
      httpMethod: method,
      identity: { sourceIp: request.sourceIp },
      path: request.fullPath,
      requestId: request.requestId,
      resourcePath: resource,
      stage: request.stage,
      // What else API Gateway says there, no handler reads.
    } as APIGatewayProxyEvent['requestContext'],
  };
}

function keptHeaders({ headers }: APIGatewayProxyEvent): Record<string, string> {
  const kept: Record<string, string> = {};
  // A request without any header has `headers: null`, whatever the types say.
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value !== undefined && KEPT_HEADERS.has(name.toLowerCase())) kept[name.toLowerCase()] = value;
  }
  return kept;
}
