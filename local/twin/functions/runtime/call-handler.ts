import { RuntimeError } from './reported-error.ts';

/** A handler as the runtime sees it: event, context and, before Node 24, a callback. */
export type Handler = (event: unknown, context: unknown, callback?: Callback) => unknown;
type Callback = (error?: unknown, result?: unknown) => void;

/** How a handler ended. */
export interface Settle {
  succeed(result: unknown): void;
  fail(error: unknown): void;
}

/** What is called when the event loop has nothing left to do; `undefined` outside of an invocation. */
export interface IdleListener {
  onIdle: (() => void) | undefined;
}

/** Node 24: the result is what the handler returns, or what its promise resolves to. */
export function callHandler(handler: Handler, event: unknown, context: unknown, settle: Settle): void {
  try {
    const result = handler(event, context);
    if (isThenable(result)) result.then(settle.succeed, settle.fail);
    else settle.succeed(result);
  } catch (error) {
    settle.fail(error);
  }
}

/**
 * Node 22 and older: a promise, or the callback, which answers once the event loop is empty unless the function turns
 * `callbackWaitsForEmptyEventLoop` off. A handler that does neither answers null at an empty loop, and one whose promise
 * can no longer settle fails.
 */
export function callWithCallback(
  handler: Handler,
  event: unknown,
  context: Record<string, unknown>,
  settle: Settle,
  idle: IdleListener,
): void {
  let isDone = false;
  let isPromised = false;
  context.callbackWaitsForEmptyEventLoop = true;
  const once = (act: () => void): void => {
    if (isDone) return;
    isDone = true;
    act();
  };
  const fail = (error: unknown): void =>
    once(() => settle.fail(error instanceof Error ? error : new Error(String(error))));
  const succeed = (result?: unknown): void => once(() => settle.succeed(result));
  const callback: Callback = (error, result) => {
    if (error !== undefined && error !== null) return fail(error);
    once(() => {
      if (context.callbackWaitsForEmptyEventLoop) idle.onIdle = () => settle.succeed(result);
      else settle.succeed(result);
    });
  };
  Object.assign(context, {
    succeed,
    fail: (error: unknown) => fail(error ?? 'handled'),
    done: (error: unknown, result: unknown) => (error === undefined || error === null ? succeed(result) : fail(error)),
  });
  idle.onIdle = () => once(() => (isPromised ? settle.fail(neverSettled()) : settle.succeed(null)));
  try {
    const result = handler(event, context, callback);
    if (!isThenable(result)) return;
    isPromised = true;
    result.then(succeed, fail);
  } catch (error) {
    fail(error);
  }
}

function neverSettled(): RuntimeError {
  return new RuntimeError(
    'Runtime.NodeJsExit',
    'The Lambda runtime client detected an unexpected Node.js exit code. This is most likely due to a Promise that was never settled.',
  );
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}
