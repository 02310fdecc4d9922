// Entry of a worker thread: one Lambda environment. It loads the bundle once and then serves one invocation at a time.
import { parentPort, workerData } from 'node:worker_threads';
import type { EnvironmentData, EnvironmentMessage, InvocationRequest, ReportedError } from './environment-protocol.ts';
import { type Handler, loadHandler, RuntimeError } from './load-handler.ts';

const { taskRoot, handler: handlerName, runtimeRoot, hasCallbacks } = workerData as EnvironmentData;

function send(message: EnvironmentMessage): void {
  parentPort?.postMessage(message);
}

function report(error: unknown, errorType?: string): ReportedError {
  if (!(error instanceof Error)) {
    return { errorType: errorType ?? typeof error, errorMessage: String(error), trace: [] };
  }
  // Without this file's own frames: its address is its whole text, and it is none of the function's business.
  const trace = error.stack?.split('\n').filter((line) => !line.includes(import.meta.url)) ?? [];
  return { errorType: errorType ?? error.name, errorMessage: error.message, trace };
}

function crash(error: unknown, errorType: string): void {
  send({ kind: 'crashed', error: report(error, errorType) });
  process.exit(1);
}

function contextOf(request: InvocationRequest): Record<string, unknown> {
  return {
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: request.invokedFunctionArn,
    awsRequestId: request.requestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, request.deadlineMs - Date.now()),
  };
}

function call(handler: Handler, event: unknown, context: Record<string, unknown>): unknown {
  if (!hasCallbacks || handler.length < 3) return handler(event, context);
  return new Promise((resolve, reject) => {
    const returned = handler(event, context, (error, result) => (error ? reject(error) : resolve(result)));
    if (returned instanceof Promise) returned.then(resolve, reject);
  });
}

async function invoke(handler: Handler, request: InvocationRequest): Promise<void> {
  process.env._X_AMZN_TRACE_ID = request.traceId;
  try {
    const result = await call(handler, JSON.parse(request.eventJson), contextOf(request));
    // `undefined` has no JSON form; Lambda answers null.
    send({ kind: 'succeeded', resultJson: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    send({ kind: 'failed', error: report(error) });
  }
}

process.on('uncaughtException', (error) => crash(error, error instanceof Error ? error.name : 'Error'));
process.on('unhandledRejection', (reason) => crash(reason, 'Runtime.UnhandledPromiseRejection'));

try {
  const handler = await loadHandler(taskRoot, handlerName, runtimeRoot);
  if (!hasCallbacks && handler.length >= 3) {
    throw new RuntimeError(
      'Runtime.CallbackHandlerDeprecated',
      `${handlerName} takes a callback, which Node.js 24 no longer has in Lambda: make it async and return the result`,
    );
  }
  parentPort?.on('message', (request: InvocationRequest) => void invoke(handler, request));
  send({ kind: 'ready' });
} catch (error) {
  send({ kind: 'init-failed', error: report(error) });
}
