import type { InvocationRequest } from './environment-protocol.ts';

/** The context object, without what callbacks need: see call-handler.ts. Members without a value are there, and undefined. */
export function invocationContext(request: InvocationRequest): Record<string, unknown> {
  const { env } = process;
  return {
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: request.clientContextJson === undefined ? undefined : JSON.parse(request.clientContextJson),
    identity: undefined,
    invokedFunctionArn: request.invokedFunctionArn,
    awsRequestId: request.requestId,
    xRayTraceId: request.traceId,
    tenantId: undefined,
    getRemainingTimeInMillis: () => request.deadlineMs - Date.now(),
  };
}
