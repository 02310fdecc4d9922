import type { Completion, Failure } from './environment.ts';

/** Largest answer of a synchronous invocation, in bytes. */
const RESPONSE_MAX_BYTES = 6_291_556;

/** Lambda's words for a runtime that was ended by the kernel, as one that needs too much memory is. */
export const KILLED = 'with error: signal: killed';

/** What the system calls the signals that end a process; the few that a function may send itself. */
const SIGNAL_WORDS: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGABRT: 'aborted',
  SIGHUP: 'hangup',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGQUIT: 'quit',
  SIGTERM: 'terminated',
};

/** A function sent its own runtime a signal. */
export function signalled(signal: NodeJS.Signals): string {
  return `with error: signal: ${SIGNAL_WORDS[signal] ?? signal}`;
}

/** The runtime ended during an invocation, or before one. */
export function exitFailure(requestId: string, reason: string): Failure {
  const errorMessage = `RequestId: ${requestId} Error: Runtime exited ${reason}`;
  return { ok: false, kind: 'failed', errorType: 'Runtime.ExitError', errorMessage, trace: [] };
}

export function timeoutFailure(requestId: string, phase: 'Init' | 'Task', seconds: number): Failure {
  const errorMessage = `RequestId: ${requestId} Error: ${phase} timed out after ${seconds.toFixed(2)} seconds`;
  return { ok: false, kind: 'timed-out', errorType: 'Sandbox.Timedout', errorMessage, trace: [] };
}

/** What Lambda logs of a time-out: the words of the failure, after a time and the bare id of the request. */
export function timeoutLine({ errorMessage }: Failure, requestId: string, atMs: number): string {
  return `${new Date(atMs).toISOString()} ${requestId} ${errorMessage.slice(errorMessage.indexOf('Error: ') + 7)}`;
}

/** How the runtime begins the line about an error that ended an invocation, or itself. */
export function titleOf(kind: 'init-failed' | 'crashed' | 'failed', errorType: string): string {
  if (kind === 'failed') return 'Invoke Error';
  return errorType === 'Runtime.UnhandledPromiseRejection' ? 'Unhandled Promise Rejection' : 'Uncaught Exception';
}

/** The failure in place of an answer that is too large; `undefined` for all others. */
export function oversizedResponse(resultJson: string): Completion | undefined {
  // A string has at most three bytes per UTF-16 unit, so short ones need no counting.
  if (resultJson.length * 3 <= RESPONSE_MAX_BYTES) return undefined;
  const bytes = Buffer.byteLength(resultJson);
  if (bytes <= RESPONSE_MAX_BYTES) return undefined;
  return {
    ok: false,
    kind: 'failed',
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${RESPONSE_MAX_BYTES} bytes).`,
    trace: [],
  };
}

/** A heap beyond V8's limit ends the runtime, as a memory setting does in Lambda. */
export function exitReason(error: unknown): string {
  const isOutOfMemory = (error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isOutOfMemory ? KILLED : `with error: ${(error as Error).message}`;
}
