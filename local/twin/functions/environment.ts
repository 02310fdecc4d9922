import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { EnvironmentData, EnvironmentMessage, InvocationRequest, ReportedError } from './environment-protocol.ts';
import type { FunctionSpec } from './function-spec.ts';
import type { InvokeOutcome } from './invoke.ts';
import { type LogLine, splitLines } from './log-lines.ts';
import { workerModule } from './worker-module.ts';

/** Lambda gives a function this long to load; counted apart from its time-out. */
const INIT_TIMEOUT_MS = 10_000;
/** Largest answer of a synchronous invocation. */
const RESPONSE_MAX_BYTES = 6_291_556;
/**
 * V8 aborts the whole process where one allocation goes far beyond a thread's heap limit. So the limit that V8 knows lies
 * far above the function's memory setting, and the setting is enforced by looking at the heap while an invocation runs.
 */
const HARD_LIMIT_ROOM_MB = 1_024;
/** Garbage that V8 has not collected yet counts as used; an honest function may have this much of it. */
const GARBAGE_ROOM_MB = 128;
const MEMORY_CHECK_MS = 100;
/** What an authorizer throws to have API Gateway answer 401: an answer, which nobody needs to be told about unasked. */
const REFUSAL = 'Unauthorized';
const KILLED = 'with error: signal: killed';

export interface EnvironmentOptions {
  /** The whole `process.env` of the function. */
  readonly variables: Readonly<Record<string, string>>;
  readonly onLine: (line: LogLine) => void;
  /** Called once, when the environment can serve no more. */
  readonly onEnd: () => void;
}

/** One Lambda execution environment: a worker thread that loaded the bundle and serves one invocation at a time. */
export class Environment {
  readonly #spec: FunctionSpec;
  readonly #options: EnvironmentOptions;
  readonly #worker: Worker;
  /** Resolves when the bundle is loaded, with the failure where it could not be. */
  readonly initialized: Promise<InvokeOutcome | undefined>;
  #finishInit: (failure: InvokeOutcome | undefined) => void = () => {};
  #settle: ((outcome: InvokeOutcome) => void) | undefined;
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
      taskRoot: spec.taskRoot,
      handler: spec.handler,
      runtimeRoot: import.meta.url,
      hasCallbacks: Number(/^nodejs(\d+)/.exec(spec.runtime)?.[1]) < 24,
    };
    this.#worker = new Worker(workerModule(), {
      workerData,
      env: { ...options.variables },
      // Flags of this process (a loader, an inspector) are none of the function's business.
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: spec.memoryMegabytes + HARD_LIMIT_ROOM_MB },
    });
    splitLines(this.#worker.stdout, (text) => options.onLine({ source: 'stdout', text, atMs: Date.now() }));
    splitLines(this.#worker.stderr, (text) => options.onLine({ source: 'stderr', text, atMs: Date.now() }));
    this.#worker.on('message', (message: EnvironmentMessage) => this.#receive(message));
    this.#worker.on('error', (error) => this.#end(this.#exitFailure(exitReason(error))));
    this.#worker.on('exit', (code) =>
      this.#end(this.#exitFailure(code === 0 ? 'without providing a reason' : `with error: exit status ${code}`)),
    );
    this.#timer = setTimeout(() => this.#end(this.#timeout('Init', INIT_TIMEOUT_MS / 1_000)), INIT_TIMEOUT_MS);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Serves one invocation; the environment must be initialized, and idle. Never rejects. */
  invoke(request: Omit<InvocationRequest, 'deadlineMs'>): Promise<InvokeOutcome> {
    this.#requestId = request.requestId;
    if (this.#hasEnded) return Promise.resolve(this.#exitFailure(KILLED));
    const timeoutMs = this.#spec.timeoutSeconds * 1_000;
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#timer = setTimeout(() => this.#end(this.#timeout('Task', this.#spec.timeoutSeconds)), timeoutMs);
      this.#memoryTimer = setTimeout(() => void this.#checkMemory(), MEMORY_CHECK_MS);
      this.#worker.postMessage({ ...request, deadlineMs: Date.now() + timeoutMs } satisfies InvocationRequest);
    });
  }

  /** Ends the thread at once; an invocation in flight fails as if the runtime had been killed. */
  kill(): Promise<unknown> {
    this.#end(this.#exitFailure(KILLED));
    return this.#worker.terminate();
  }

  #receive(message: EnvironmentMessage): void {
    switch (message.kind) {
      case 'ready':
        clearTimeout(this.#timer);
        this.#finishInit(undefined);
        break;
      case 'init-failed':
      case 'crashed':
        this.#end(this.#failure(message.error));
        break;
      case 'failed':
        this.#finish(this.#failure(message.error));
        break;
      case 'succeeded':
        this.#finish(answer(message.resultJson));
        break;
    }
  }

  #finish(outcome: InvokeOutcome): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#memoryTimer);
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(outcome);
  }

  #end(outcome: InvokeOutcome): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#options.onEnd();
    this.#finishInit(outcome);
    this.#finish(outcome);
    void this.#worker.terminate();
  }

  async #checkMemory(): Promise<void> {
    const heap = await this.#worker.getHeapStatistics().catch(() => undefined);
    if (!heap || !this.#settle) return;
    const usedMegabytes = (heap.used_heap_size + heap.external_memory) / 2 ** 20;
    if (usedMegabytes > this.#spec.memoryMegabytes + GARBAGE_ROOM_MB) this.#end(this.#exitFailure(KILLED));
    else this.#memoryTimer = setTimeout(() => void this.#checkMemory(), MEMORY_CHECK_MS);
  }

  #failure(error: ReportedError): InvokeOutcome {
    const { errorType, errorMessage, trace } = error;
    const text = `${this.#requestId}\tERROR\t${JSON.stringify({ errorType, errorMessage, stack: trace })}`;
    this.#options.onLine({ source: errorMessage === REFUSAL ? 'stderr' : 'platform', text, atMs: Date.now() });
    return { ok: false, kind: 'failed', errorType, errorMessage };
  }

  #exitFailure(reason: string): InvokeOutcome {
    const errorMessage = `RequestId: ${this.#requestId} Error: Runtime exited ${reason}`;
    return { ok: false, kind: 'failed', errorType: 'Runtime.ExitError', errorMessage };
  }

  #timeout(phase: 'Init' | 'Task', seconds: number): InvokeOutcome {
    const errorMessage = `RequestId: ${this.#requestId} Error: ${phase} timed out after ${seconds.toFixed(2)} seconds`;
    this.#options.onLine({ source: 'platform', text: errorMessage, atMs: Date.now() });
    return { ok: false, kind: 'timed-out', errorType: 'Sandbox.Timedout', errorMessage };
  }
}

function answer(resultJson: string): InvokeOutcome {
  // A string has at most three bytes per UTF-16 unit, so short ones need no counting.
  if (resultJson.length * 3 > RESPONSE_MAX_BYTES && Buffer.byteLength(resultJson) > RESPONSE_MAX_BYTES) {
    return {
      ok: false,
      kind: 'failed',
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size exceeded maximum allowed payload size (${RESPONSE_MAX_BYTES} bytes).`,
    };
  }
  return { ok: true, payload: JSON.parse(resultJson) as unknown };
}

/** A heap beyond the function's memory setting ends the runtime, as it does in Lambda. */
function exitReason(error: unknown): string {
  const isOutOfMemory = (error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isOutOfMemory ? KILLED : `with error: ${(error as Error).message}`;
}
