import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

/**
 * Field of an access log line → `$context` variable. All values are quoted, numbers included: a variable that has no
 * value (no authorizer ran, the integration was not reached) prints as `-`, which outside of quotes breaks the JSON.
 */
export const ACCESS_LOG_FIELDS = {
  requestId: '$context.requestId',
  extendedRequestId: '$context.extendedRequestId',
  time: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  /** The route, with its parameters' names, so that lines can be counted by it. */
  route: '$context.resourcePath',
  path: '$context.path',
  status: '$context.status',
  responseLength: '$context.responseLength',
  /** All latencies in ms. */
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integration.latency',
  integrationStatus: '$context.integration.status',
  authorizerLatencyMs: '$context.authorizer.latency',
  authorizerStatus: '$context.authorizer.status',
  caller: '$context.authorizer.sub',
  tier: '$context.authorizer.tier',
  sourceIp: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
  /** Which of the gateway's own answers was given; `-` when the service answered. */
  errorType: '$context.error.responseType',
  traceId: '$context.xrayTraceId',
} as const;

/** One JSON object per request. */
export function accessLogFormat(): AccessLogFormat {
  return AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS));
}
