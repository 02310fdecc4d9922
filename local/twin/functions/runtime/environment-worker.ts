// Entry of a worker thread: one Lambda environment. It loads the bundle once, then serves one invocation at a time, and
// between two of them it is frozen.
import { enableCompileCache, flushCompileCache } from 'node:module';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { callHandler, callWithCallback, type Handler, type IdleListener } from './call-handler.ts';
import { takeOutput } from './console-output.ts';
import type { EnvironmentData, EnvironmentMessage, InvocationRequest } from './environment-protocol.ts';
import { invocationContext } from './invocation-context.ts';
import { loadHandler } from './load-handler.ts';
import { RuntimeError, reportedError, unhandledRejection } from './reported-error.ts';
import { skippedDate } from './skipped-clock.ts';
import { takeSignals } from './take-signals.ts';

const data = workerData as EnvironmentData;
const posted = new Int32Array(data.posted);
const idle: IdleListener = { onIdle: undefined };
let taken = 0;
if (data.skipped) globalThis.Date = skippedDate(data.skipped);

function send(message: EnvironmentMessage): void {
  parentPort?.postMessage(message);
}

const output = takeOutput(data.logging, (source, text) => send({ kind: 'printed', source, text, atMs: Date.now() }));

/**
 * Lambda freezes an environment after each answer: no timer fires and no socket is read until the next invocation. To
 * sleep on the counter does just that to this thread. It answers at once where the next request is there already.
 */
function awaitRequest(): InvocationRequest {
  Atomics.wait(posted, 0, taken);
  taken += 1;
  return (parentPort && receiveMessageOnPort(parentPort))?.message as InvocationRequest;
}

function serveNext(handler: Handler): void {
  const request = awaitRequest();
  output.requestId = request.requestId;
  process.env._X_AMZN_TRACE_ID = request.traceId;
  // The runtime lets the event loop turn once between the handler's end and the answer; the freeze follows the answer.
  const answer = (message: () => EnvironmentMessage): void => {
    idle.onIdle = undefined;
    setImmediate(() => {
      output.flush();
      send(message());
      serveNext(handler);
    });
  };
  const settle = {
    succeed: (result: unknown) => answer(() => succeeded(result)),
    fail: (error: unknown) => answer(() => ({ kind: 'failed', error: reportedError(error) })),
  };
  const context = invocationContext(request);
  const event: unknown = JSON.parse(request.eventJson);
  if (data.nodeMajor >= 24) callHandler(handler, event, context, settle);
  else callWithCallback(handler, event, context, settle, idle);
}

function succeeded(result: unknown): EnvironmentMessage {
  try {
    // `undefined` has no JSON form; Lambda answers null.
    return { kind: 'succeeded', resultJson: JSON.stringify(result) ?? 'null' };
  } catch (cause) {
    const error = new RuntimeError('Runtime.JSONStringifyError', 'Unable to stringify response body', { cause });
    return { kind: 'failed', error: reportedError(error) };
  }
}

function end(message: EnvironmentMessage, exitCode: number): void {
  output.flush();
  send(message);
  process.exit(exitCode);
}

process.on('uncaughtException', (error) => end({ kind: 'crashed', error: reportedError(error) }, 129));
process.on('unhandledRejection', (reason) => end({ kind: 'crashed', error: unhandledRejection(reason) }, 128));
process.on('beforeExit', () => idle.onIdle?.());
process.on('exit', () => output.flush());
takeSignals((signal) => end({ kind: 'signalled', signal }, 1));
// A thread cannot change its directory; relative paths that `path.resolve` makes absolute do start in the bundle.
process.cwd = () => data.taskRoot;

try {
  enableCompileCache(data.compileCacheDir);
  const handler = await loadHandler(data);
  send({ kind: 'ready' });
  flushCompileCache();
  setImmediate(serveNext, handler);
} catch (error) {
  end({ kind: 'init-failed', error: reportedError(error) }, 1);
}
