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

/** What an invocation that waited gets: an environment, or the outcome where none could be had. */
type Grant = Environment | InvokeOutcome;

/**
 * The environments of one function, started on demand, one at a time: AWS would start one per concurrent invocation at
 * once, but on two cores ten cold starts at the same moment only delay each other. Idle ones are reused last in first
 * out; reserved concurrency bounds what is in use, waiting included.
 */
export class FunctionPool {
  readonly #spec: FunctionSpec;
  readonly #options: FunctionPoolOptions;
  readonly #environments = new Set<Environment>();
  readonly #idle: Environment[] = [];
  readonly #waiting: Array<(grant: Grant) => void> = [];
  #isStarting = false;
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
    const startMs = performance.now();
    const grant = this.#idle.pop() ?? (await this.#wait());
    const outcome = grant instanceof Environment ? await this.#run(grant, invokedFunctionArn, payload) : grant;
    this.#lastMs = performance.now() - startMs;
    this.#inUse -= 1;
    if (!outcome.ok) this.#failures += 1;
    return outcome;
  }

  /** Ends all environments at once; what is in flight fails, what waits gets new ones. */
  async kill(): Promise<void> {
    await Promise.all([...this.#environments].map((environment) => environment.kill()));
  }

  /** Ends all environments for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const grant of this.#waiting.splice(0)) grant(CLOSED);
    await this.kill();
  }

  async #run(environment: Environment, invokedFunctionArn: string, payload: unknown): Promise<InvokeOutcome> {
    const outcome = await environment.invoke({
      requestId: randomUUID(),
      eventJson: JSON.stringify(payload) ?? 'null',
      invokedFunctionArn,
      traceId: traceId(),
    });
    this.#offer(environment);
    return outcome;
  }

  #wait(): Promise<Grant> {
    if (this.#isClosed) return Promise.resolve(CLOSED);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#grow();
    });
  }

  /** Hands an environment to the invocation that waits longest, or keeps it for the next. */
  #offer(environment: Environment): void {
    if (environment.hasEnded) return;
    const grant = this.#waiting.shift();
    if (grant) grant(environment);
    else this.#idle.push(environment);
  }

  /** Starts one more environment where invocations wait and this machine has room. */
  #grow(): void {
    if (this.#isClosed || this.#isStarting || this.#waiting.length === 0) return;
    if (this.#environments.size >= this.#options.maxEnvironments) return;
    this.#isStarting = true;
    const environment: Environment = new Environment(this.#spec, {
      variables: this.#options.variables(),
      onLine: this.#options.onLine,
      onEnd: () => this.#forget(environment),
    });
    this.#environments.add(environment);
    void environment.initialized.then((failure) => {
      this.#isStarting = false;
      if (failure) this.#waiting.shift()?.(failure);
      else this.#offer(environment);
      this.#grow();
    });
  }

  #forget(environment: Environment): void {
    this.#environments.delete(environment);
    const position = this.#idle.indexOf(environment);
    if (position >= 0) this.#idle.splice(position, 1);
    this.#grow();
  }
}

/** An X-Ray trace header, as Lambda sets it per invocation. */
function traceId(): string {
  const id = randomBytes(20).toString('hex');
  const seconds = Math.floor(Date.now() / 1_000).toString(16);
  return `Root=1-${seconds}-${id.slice(0, 24)};Parent=${id.slice(24, 40)};Sampled=1`;
}
