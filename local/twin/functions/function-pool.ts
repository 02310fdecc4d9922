import { randomBytes, randomUUID } from 'node:crypto';
import { Environment } from './environment.ts';
import type { FunctionSpec } from './function-spec.ts';
import type { InvokeOutcome } from './invoke.ts';
import type { LogLine } from './log-lines.ts';

export interface FunctionPoolOptions {
  /** The `process.env` of a new environment; asked when one starts. */
  readonly variables: () => Readonly<Record<string, string>>;
  readonly onLine: (line: LogLine) => void;
  /**
   * Environments that one function may have here. AWS would start one per concurrent invocation; a laptop cannot, so
   * further invocations wait for a free one.
   */
  readonly maxEnvironments: number;
}

const CLOSED: InvokeOutcome = {
  ok: false,
  kind: 'failed',
  errorType: 'ServiceException',
  errorMessage: 'the twin is shutting down',
};

/** What the console shows of a function. */
export interface PoolStatus {
  readonly environments: number;
  readonly busy: number;
  readonly waiting: number;
  readonly invocations: number;
  readonly failures: number;
  readonly throttles: number;
  /** Duration of the last invocation. */
  readonly lastMs: number | undefined;
}

/** The environments of one function: started on demand, reused last in first out, bounded by reserved concurrency. */
export class FunctionPool {
  readonly #spec: FunctionSpec;
  readonly #options: FunctionPoolOptions;
  readonly #environments = new Set<Environment>();
  readonly #idle: Environment[] = [];
  readonly #waiting: Array<(environment: Environment | undefined) => void> = [];
  #isClosed = false;
  #inUse = 0;
  #invocations = 0;
  #failures = 0;
  #throttles = 0;
  #lastMs: number | undefined;

  constructor(spec: FunctionSpec, options: FunctionPoolOptions) {
    this.#spec = spec;
    this.#options = options;
  }

  status(): PoolStatus {
    return {
      environments: this.#environments.size,
      busy: this.#environments.size - this.#idle.length,
      waiting: this.#waiting.length,
      invocations: this.#invocations,
      failures: this.#failures,
      throttles: this.#throttles,
      lastMs: this.#lastMs,
    };
  }

  /** Invokes the function; never rejects. */
  async invoke(invokedFunctionArn: string, payload: unknown): Promise<InvokeOutcome> {
    const { reservedConcurrency } = this.#spec;
    if (reservedConcurrency !== undefined && this.#inUse >= reservedConcurrency) {
      this.#throttles += 1;
      return { ok: false, kind: 'throttled', errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' };
    }
    this.#inUse += 1;
    this.#invocations += 1;
    const environment = this.#idle.pop() ?? this.#start() ?? (await this.#wait());
    if (!environment) return CLOSED;
    const startMs = performance.now();
    const outcome = await environment.invoke({
      requestId: randomUUID(),
      eventJson: JSON.stringify(payload) ?? 'null',
      invokedFunctionArn,
      traceId: traceId(),
    });
    this.#lastMs = performance.now() - startMs;
    this.#inUse -= 1;
    if (!outcome.ok) this.#failures += 1;
    this.#release(environment);
    return outcome;
  }

  /** Ends all environments at once; what is in flight fails, what waits gets new ones. */
  async kill(): Promise<void> {
    await Promise.all([...this.#environments].map((environment) => environment.kill()));
  }

  /** Ends all environments for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
    await this.kill();
  }

  #start(): Environment | undefined {
    if (this.#isClosed || this.#environments.size >= this.#options.maxEnvironments) return undefined;
    const environment: Environment = new Environment(this.#spec, {
      variables: this.#options.variables(),
      onLine: this.#options.onLine,
      onEnd: () => this.#forget(environment),
    });
    this.#environments.add(environment);
    return environment;
  }

  async #wait(): Promise<Environment | undefined> {
    if (this.#isClosed) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(environment: Environment): void {
    if (environment.hasEnded) return;
    const next = this.#waiting.shift();
    if (next) next(environment);
    else this.#idle.push(environment);
  }

  #forget(environment: Environment): void {
    this.#environments.delete(environment);
    const position = this.#idle.indexOf(environment);
    if (position >= 0) this.#idle.splice(position, 1);
    const next = this.#waiting[0] && this.#start();
    if (next) this.#waiting.shift()?.(next);
  }
}

/** An X-Ray trace header, as Lambda sets it per invocation. */
function traceId(): string {
  const id = randomBytes(20).toString('hex');
  const seconds = Math.floor(Date.now() / 1_000).toString(16);
  return `Root=1-${seconds}-${id.slice(0, 24)};Parent=${id.slice(24, 40)};Sampled=1`;
}
