/** What the worker thread of an environment is given at its start. */
export interface EnvironmentData {
  /** Directory of the unpacked bundle, `/var/task` in AWS. */
  readonly taskRoot: string;
  /** `file.export`, relative to the task root. */
  readonly handler: string;
  /** A module of the twin: packages that Lambda's runtime provides are looked up from there. */
  readonly runtimeRoot: string;
  /** Whether the runtime still has callback handlers: Node 22 and older. */
  readonly hasCallbacks: boolean;
}

/** Parent → worker: one invocation. The event travels as JSON text, as it does between Lambda and its runtime. */
export interface InvocationRequest {
  readonly requestId: string;
  readonly eventJson: string;
  readonly invokedFunctionArn: string;
  readonly traceId: string;
  /** When the invocation is killed, in milliseconds since the epoch. */
  readonly deadlineMs: number;
}

/** An error as Lambda reports it to the caller. */
export interface ReportedError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** Worker → parent. */
export type EnvironmentMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-failed'; readonly error: ReportedError }
  | { readonly kind: 'succeeded'; readonly resultJson: string }
  | { readonly kind: 'failed'; readonly error: ReportedError }
  /** The thread is about to end: an exception or rejection that nothing caught. */
  | { readonly kind: 'crashed'; readonly error: ReportedError };
