import type { APIGatewayProxyEvent, Context } from 'aws-lambda';

/** What a test says about a request; the rest is filled in. */
export interface ProxyEventOptions {
  readonly method?: string;
  /** Resource path with its parameters in braces. */
  readonly resource: string;
  /** As the caller sent it; by default the resource with its parameters filled in. */
  readonly path?: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean;
  readonly sourceIp?: string;
  readonly requestId?: string;
  /** `caller(…)`, or whatever else the authorizer may have left behind. */
  readonly authorizer?: Readonly<Record<string, unknown>> | undefined;
}

/** The context that our authorizer leaves, as API Gateway passes it on: all strings. */
export function authorizerContext(
  options: { sub?: string; tier?: string; scopes?: string; expSeconds?: number } = {},
): Record<string, string> {
  const { sub = 'alice', tier = 'free', expSeconds = Date.UTC(2026, 10, 1) / 1_000 + 900 } = options;
  const scopes = options.scopes ?? 'feed:read feed:write follows:write notifications:read';
  return { sub, tier, scopes, exp: String(expSeconds), principalId: sub, integrationLatency: '12' };
}

/** A Lambda proxy event of a REST API. Times and callers match `ManualClock`'s start. */
export function proxyEvent(options: ProxyEventOptions): APIGatewayProxyEvent {
  const { method = 'GET', resource, pathParameters, headers = {}, sourceIp = '203.0.113.7' } = options;
  const requestId = options.requestId ?? 'request-1';
  const path =
    options.path ?? resource.replace(/\{(\w+)\+?\}/g, (_, name) => encodeURIComponent(pathParameters?.[name] ?? ''));
  const query = Object.entries(options.query ?? {}).map(([name, value]) => [name, [value].flat()] as const);
  const { body } = options;
  return {
    resource,
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters:
      query.length === 0 ? null : Object.fromEntries(query.map(([name, values]) => [name, values.at(-1)])),
    multiValueQueryStringParameters:
      query.length === 0 ? null : Object.fromEntries(query.map(([name, values]) => [name, [...values]])),
    pathParameters: pathParameters === undefined ? null : { ...pathParameters },
    stageVariables: null,
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    isBase64Encoded: options.isBase64Encoded ?? false,
    requestContext: {
      accountId: '123456789012',
      apiId: 'api1234567',
      authorizer: options.authorizer as APIGatewayProxyEvent['requestContext']['authorizer'],
      protocol: 'HTTP/1.1',
      httpMethod: method,
      identity: { sourceIp } as APIGatewayProxyEvent['requestContext']['identity'],
      path: `/dev${path}`,
      stage: 'dev',
      requestId,
      requestTimeEpoch: Date.UTC(2026, 10, 1),
      resourceId: 'resource1',
      resourcePath: resource,
    },
  };
}

/** A Lambda context with plenty of time left. */
export function lambdaContext(options: { functionName?: string; remainingMs?: number } = {}): Context {
  const { functionName = 'service', remainingMs = 10_000 } = options;
  const unsupported = () => {
    throw new Error('callbacks are gone in Node 24');
  };
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:eu-central-1:123456789012:function:${functionName}:live`,
    memoryLimitInMB: '512',
    awsRequestId: 'invocation-1',
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'stream',
    getRemainingTimeInMillis: () => remainingMs,
    done: unsupported,
    fail: unsupported,
    succeed: unsupported,
  };
}
