import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { compileCacheDir } from './compile-cache.ts';
import {
  exitFailure,
  exitReason,
  KILLED,
  oversizedResponse,
  signalled,
  timeoutFailure,
  timeoutLine,
  titleOf,
} from './environment-failure.ts';
import type { LoadedCode } from './function-code.ts';
import type { FunctionSpec } from './function-spec.ts';
import type { LogLine } from './log-lines.ts';
import type {
  EnvironmentData,
  EnvironmentMessage,
  InvocationRequest,
  ReportedError,
} from './runtime/environment-protocol.ts';
import { formatLogEntry } from './runtime/log-format.ts';
import { workerModule } from './worker-module.ts';

/**
 * Lambda gives a function this long to load; counted apart from its time-out. Here a slower one fails; AWS loads it once
 * more within the invocation, where the function's own time-out counts.
 */
const INIT_TIMEOUT_MS = 10_000;
/**
 * V8 aborts the whole process where one allocation goes beyond a thread's heap limit: it can end a thread only between two
 * allocations. The largest single one is 1 GiB (an array of 2^27 elements, a string of 2^29 characters). So the limit that
 * V8 knows lies several of those above the function's memory setting, and the setting is enforced by looking at the heap
 * while an invocation runs.
 */
const HARD_LIMIT_ROOM_MB = 4_096;
/** Garbage that V8 has not collected yet counts as used; an honest function may have this much of it. */
const GARBAGE_ROOM_MB = 128;
const MEMORY_CHECK_MS = 100;
/** What an authorizer throws to have API Gateway answer 401: an answer, which nobody needs to be told about unasked. */
const REFUSAL = 'Unauthorized';

/** How an invocation ended in its environment; a result stays JSON text until somebody wants the value. */
export type Completion =
  | { readonly ok: true; readonly resultJson: string }
  | ({ readonly ok: false; readonly kind: 'timed-out' | 'failed' } & ReportedError);
export type Failure = Completion & { readonly ok: false };

export interface EnvironmentOptions {
  /** The whole `process.env` of the function. */
  readonly variables: Readonly<Record<string, string>>;
  readonly code: LoadedCode;
  /** How far the function's clock is ahead of the machine's; see `SkippableTime`. @default - it is the machine's */
  readonly skipped?: SharedArrayBuffer | undefined;
  readonly onLine: (line: LogLine) => void;
  /** Called once, when the environment can serve no more. */
  readonly onEnd: () => void;
}

/**
 * One Lambda execution environment: a worker thread that loaded the bundle and serves one invocation at a time. Between
 * two of them it is frozen: the thread sleeps until the next request is posted.
 */
export class Environment {
  readonly #spec: FunctionSpec;
  readonly #options: EnvironmentOptions;
  readonly #worker: Worker;
  readonly #posted = new Int32Array(new SharedArrayBuffer(4));
  /** Resolves when the bundle is loaded, with the failure where it could not be. */
  readonly initialized: Promise<Failure | undefined>;
  #finishInit: (failure: Failure | undefined) => void = () => {};
  #settle: ((completion: Completion) => void) | undefined;
  #listener: ((line: LogLine) => void) | undefined;
  #requestId: string = randomUUID();
  #timer: NodeJS.Timeout | undefined;
  #memoryTimer: NodeJS.Timeout | undefined;
  #hasEnded = false;

  constructor(spec: FunctionSpec, options: EnvironmentOptions) {
    this.#spec = spec;
    this.#options = options;
    this.initialized = new Promise((resolve) => {
      this.#finishInit = resolve;
    });
    const workerData: EnvironmentData = {
      ...options.code,
      handler: spec.handler,
      runtimeRoot: import.meta.url,
      nodeMajor: spec.nodeMajor,
      logging: spec.logging,
      compileCacheDir: compileCacheDir(),
      posted: this.#posted.buffer as SharedArrayBuffer,
      skipped: options.skipped,
    };
    this.#worker = new Worker(workerModule(), {
      workerData,
      env: { ...options.variables },
      // Flags of this process (a loader, an inspector) are none of the function's business.
      execArgv: [],
      // What the worker prints arrives as messages; Node's own warnings about it have no reader.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: spec.memoryMegabytes + HARD_LIMIT_ROOM_MB },
    });
    this.#worker.on('message', (message: EnvironmentMessage) => this.#receive(message));
    this.#worker.on('error', (error) => this.#exit(exitReason(error)));
    this.#worker.on('exit', (code) =>
      this.#exit(code === 0 ? 'without providing a reason' : `with error: exit status ${code}`),
    );
    this.#timer = setTimeout(() => this.#timeOut('Init', INIT_TIMEOUT_MS / 1_000), INIT_TIMEOUT_MS);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * Serves one invocation; the environment must be initialized, and idle. Never rejects. `onLine` hears what this
   * invocation logs, besides the environment's own listener.
   */
  invoke(request: Omit<InvocationRequest, 'deadlineMs'>, onLine?: (line: LogLine) => void): Promise<Completion> {
    this.#requestId = request.requestId;
    this.#listener = onLine;
    if (this.#hasEnded) return Promise.resolve(exitFailure(this.#requestId, KILLED));
    const timeoutMs = this.#spec.timeoutSeconds * 1_000;
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#timer = setTimeout(() => this.#timeOut('Task', this.#spec.timeoutSeconds), timeoutMs);
      this.#memoryTimer = setTimeout(() => void this.#checkMemory(), MEMORY_CHECK_MS);
      const deadlineMs = Date.now() + this.#skippedMs() + timeoutMs;
      this.#worker.postMessage({ ...request, deadlineMs } satisfies InvocationRequest);
      Atomics.add(this.#posted, 0, 1);
      Atomics.notify(this.#posted, 0);
    });
  }

  /** Ends the thread at once; an invocation in flight fails as if the runtime had been killed. */
  kill(): Promise<unknown> {
    this.#end(exitFailure(this.#requestId, KILLED));
    return this.#worker.terminate();
  }

  #skippedMs(): number {
    const { skipped } = this.#options;
    return skipped === undefined ? 0 : Number(Atomics.load(new BigInt64Array(skipped), 0));
  }

  #receive(message: EnvironmentMessage): void {
    switch (message.kind) {
      case 'printed':
        this.#say({ source: message.source, text: message.text, atMs: message.atMs });
        break;
      case 'ready':
        clearTimeout(this.#timer);
        this.#finishInit(undefined);
        break;
      case 'init-failed':
      case 'crashed':
        this.#end(this.#failure(message));
        break;
      case 'signalled':
        this.#exit(signalled(message.signal));
        break;
      case 'failed':
        this.#finish(this.#failure(message));
        break;
      case 'succeeded':
        this.#finish(oversizedResponse(message.resultJson) ?? { ok: true, resultJson: message.resultJson });
        break;
    }
  }

  #say(line: LogLine): void {
    this.#options.onLine(line);
    this.#listener?.(line);
  }

  #finish(completion: Completion): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#memoryTimer);
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(completion);
  }

  #end(failure: Failure): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#options.onEnd();
    this.#finishInit(failure);
    this.#finish(failure);
    void this.#worker.terminate();
  }

  /** The runtime ended by itself, or had to; nobody else says so, as Lambda does in the log. */
  #exit(reason: string): void {
    if (this.#hasEnded) return;
    const failure = exitFailure(this.#requestId, reason);
    this.#say({ source: 'platform', text: `${failure.errorMessage}\n${failure.errorType}`, atMs: Date.now() });
    this.#end(failure);
  }

  async #checkMemory(): Promise<void> {
    const heap = await this.#worker.getHeapStatistics().catch(() => undefined);
    if (!heap || !this.#settle) return;
    const usedMegabytes = (heap.used_heap_size + heap.external_memory) / 2 ** 20;
    if (usedMegabytes > this.#spec.memoryMegabytes + GARBAGE_ROOM_MB) this.#exit(KILLED);
    else this.#memoryTimer = setTimeout(() => void this.#checkMemory(), MEMORY_CHECK_MS);
  }

  /** The runtime logs what a handler throws; shown unasked, since it is what a developer looks for. */
  #failure({ kind, error }: Extract<EnvironmentMessage, { readonly error: ReportedError }>): Failure {
    const { errorType, errorMessage, trace } = error;
    const { logging } = this.#spec;
    const atMs = Date.now();
    const line = (...said: readonly [message: unknown, ...rest: unknown[]]): string =>
      formatLogEntry(logging, 'ERROR', this.#requestId, atMs, ...said);
    const text =
      logging.format === 'JSON'
        ? line({ errorType, errorMessage, stackTrace: trace })
        : line(titleOf(kind, errorType), `\t${JSON.stringify({ errorType, errorMessage, stack: trace })}`);
    this.#say({ source: errorMessage === REFUSAL ? 'stderr' : 'platform', text, atMs });
    return { ok: false, kind: 'failed', ...error };
  }

  #timeOut(phase: 'Init' | 'Task', seconds: number): void {
    const failure = timeoutFailure(this.#requestId, phase, seconds);
    const atMs = Date.now();
    this.#say({ source: 'platform', text: timeoutLine(failure, this.#requestId, atMs), atMs });
    this.#end(failure);
  }
}
