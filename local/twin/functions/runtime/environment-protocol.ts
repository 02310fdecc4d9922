/** How Lambda writes what a function logs (`LoggingConfig`). */
export interface LogSettings {
  readonly format: 'Text' | 'JSON';
  /** Entries below it are dropped; only the JSON format has levels that can be filtered. */
  readonly level: LogLevel;
}

export const LOG_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What the worker thread of an environment is given at its start. */
export interface EnvironmentData {
  /** Directory of the unpacked bundle, `/var/task` in AWS. */
  readonly taskRoot: string;
  /** Directories of the unpacked layers, first to last; AWS merges them into `/opt`, where a later one covers an earlier. */
  readonly layerRoots: readonly string[];
  /** `file.export`, relative to the task root. */
  readonly handler: string;
  /** A module of the twin: packages that Lambda's runtime provides are looked up from there. */
  readonly runtimeRoot: string;
  /** 24 for `nodejs24.x`. */
  readonly nodeMajor: number;
  readonly logging: LogSettings;
  /** Where V8's compiled code of bundles is kept, for the next environment and the next run. */
  readonly compileCacheDir: string;
  /** One 32-bit counter: how many requests were posted. The thread sleeps on it between invocations. */
  readonly posted: SharedArrayBuffer;
  /** One 64-bit integer: milliseconds by which the function's clock is ahead of the machine's. `undefined`: it never is. */
  readonly skipped: SharedArrayBuffer | undefined;
}

/** Parent → worker: one invocation. The event travels as JSON text, as it does between Lambda and its runtime. */
export interface InvocationRequest {
  readonly requestId: string;
  readonly eventJson: string;
  readonly invokedFunctionArn: string;
  readonly traceId: string;
  /** JSON text, where the caller gave one. */
  readonly clientContextJson: string | undefined;
  /** When the invocation is killed, in milliseconds since the epoch. */
  readonly deadlineMs: number;
}

/** An error as Lambda reports it to the caller. */
export interface ReportedError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** Worker → parent, in the order in which things happened: lines that a function printed come before its answer. */
export type EnvironmentMessage =
  | { readonly kind: 'printed'; readonly source: 'stdout' | 'stderr'; readonly text: string; readonly atMs: number }
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-failed'; readonly error: ReportedError }
  | { readonly kind: 'succeeded'; readonly resultJson: string }
  | { readonly kind: 'failed'; readonly error: ReportedError }
  /** The thread is about to end: an exception or rejection that nothing caught. */
  | { readonly kind: 'crashed'; readonly error: ReportedError }
  /** The thread is about to end: the function sent its own process a signal. */
  | { readonly kind: 'signalled'; readonly signal: NodeJS.Signals };
