import { commonLogTime } from '../common-log-time.ts';
import type { Exchange } from '../exchange.ts';

type Value = string | number | null | undefined;
type Read = (exchange: Exchange) => Value;

/**
 * The `$context` variables (developer guide, "Variables for data transformations" and "Variables for access logging").
 * Some stand under two names; what a twin cannot know, such as a trace of AWS's own, is missing.
 */
const VARIABLES: Readonly<Record<string, Read>> = {
  accountId: ({ api }) => api.accountId,
  apiId: ({ api }) => api.apiId,
  'authorize.status': ({ authorizerStatus }) => authorizerStatus,
  'authorizer.error': ({ refusal, authorizerStatus }) => (authorizerStatus === 200 ? undefined : refusal?.message),
  'authorizer.integrationLatency': ({ authorizerLatencyMs }) => rounded(authorizerLatencyMs),
  'authorizer.integrationStatus': ({ authorizerStatus }) => authorizerStatus,
  'authorizer.latency': ({ authorizerLatencyMs }) => rounded(authorizerLatencyMs),
  'authorizer.principalId': ({ authorization }) => authorization?.principalId,
  'authorizer.status': ({ authorizerStatus }) => authorizerStatus,
  deploymentId: ({ api }) => api.deploymentId,
  domainName: ({ request }) => request.headers.byLowerName.get('host'),
  domainPrefix: ({ request }) => request.headers.byLowerName.get('host')?.split('.')[0],
  'error.message': ({ refusal }) => refusal?.message,
  'error.responseType': ({ refusal }) => refusal?.responseType,
  'error.validationErrorString': ({ refusal }) => refusal?.validationError,
  extendedRequestId: (exchange) => exchange.extendedRequestId,
  httpMethod: ({ request }) => request.method,
  'identity.apiKey': ({ apiKey }) => apiKey?.value,
  'identity.apiKeyId': ({ apiKey }) => apiKey?.keyId,
  'identity.sourceIp': ({ request }) => request.sourceIp,
  'identity.userAgent': ({ request }) => request.headers.byLowerName.get('user-agent'),
  'integration.error': ({ integrationError }) => integrationError,
  'integration.integrationStatus': ({ integrationStatus }) => integrationStatus,
  'integration.latency': ({ integrationLatencyMs }) => rounded(integrationLatencyMs),
  'integration.status': ({ invocationStatus }) => invocationStatus,
  integrationErrorMessage: ({ integrationError }) => integrationError,
  integrationLatency: ({ integrationLatencyMs }) => rounded(integrationLatencyMs),
  integrationStatus: ({ integrationStatus }) => integrationStatus,
  path: ({ request }) => request.rawPath,
  protocol: ({ request }) => `HTTP/${request.httpVersion}`,
  requestId: ({ requestId }) => requestId,
  requestTime: ({ startedAtMs }) => commonLogTime(startedAtMs),
  requestTimeEpoch: ({ startedAtMs }) => Math.floor(startedAtMs),
  resourceId: ({ route }) => route?.resourceId,
  resourcePath: ({ route }) => route?.path,
  responseLatency: ({ startedAtMs, finishedAtMs }) => rounded((finishedAtMs ?? startedAtMs) - startedAtMs),
  responseLength: ({ responseLength }) => responseLength,
  stage: ({ api }) => api.stageName,
  status: ({ status }) => status,
  xrayTraceId: ({ request }) => /Root=([^;]+)/.exec(request.headers.single['X-Amzn-Trace-Id'] ?? '')?.[1],
};

const AUTHORIZER = 'authorizer.';
const PATHS = Object.entries(VARIABLES).map(([name, read]) => [name.split('.'), read] as const);

/** How to read a `$context` variable, by its name without `$context.`; one that does not exist is always missing. */
export function contextVariable(name: string): Read {
  const known = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
  if (!name.startsWith(AUTHORIZER)) return known ?? (() => undefined);
  const key = name.slice(AUTHORIZER.length);
  return (exchange) => {
    const { authorization } = exchange;
    const own = authorization !== undefined && Object.hasOwn(authorization.context, key);
    return (own ? authorization.context[key] : undefined) ?? known?.(exchange);
  };
}

/** All variables that a request has, as `$context` of a mapping template: names with dots are objects in objects. */
export function contextObject(exchange: Exchange): Record<string, unknown> {
  const root: Record<string, unknown> = { authorizer: { ...exchange.authorization?.context } };
  for (const [steps, read] of PATHS) {
    const value = read(exchange);
    if (value === undefined || value === null) continue;
    let place = root;
    for (let index = 0; index < steps.length - 1; index += 1) {
      const step = steps[index] ?? '';
      place[step] ??= {};
      place = place[step] as Record<string, unknown>;
    }
    const last = steps.at(-1) ?? '';
    if (!Object.hasOwn(place, last)) place[last] = value;
  }
  return root;
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value);
}
