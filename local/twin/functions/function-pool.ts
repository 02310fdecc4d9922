import { type Completion, Environment, type EnvironmentOptions } from './environment.ts';
import type { FunctionSpec } from './function-spec.ts';
import type { LogLine } from './log-lines.ts';
import { type EnvironmentGrowth, grow, NO_GROWTH } from './model/environment-growth.ts';
import type { InvocationRequest } from './runtime/environment-protocol.ts';

/**
 * `shared`: a laptop cannot run an environment per concurrent invocation, so at most `maxEnvironments` of a function run,
 * started one after the other (on two cores ten cold starts at once only delay each other), and further invocations wait
 * for a free one. `real`: one environment per concurrent invocation, as AWS does it, at the rate at which AWS does.
 */
export type ColdStart = 'shared' | 'real';

export interface FunctionPoolOptions {
  readonly coldStart: ColdStart;
  /** Environments that may exist here at once; beyond, invocations wait for a free one. */
  readonly maxEnvironments: number;
  readonly nowMs: () => number;
  /** What an environment is made of; asked when one starts. */
  readonly environment: () => Omit<EnvironmentOptions, 'onEnd'>;
  /** Told once where `real` cold starts meet `maxEnvironments`. */
  readonly onFull: () => void;
}

export type Invocation = Omit<InvocationRequest, 'deadlineMs'>;
/** Beside an end of the invocation: AWS would not start another environment yet. */
export type PoolOutcome = Completion | 'growth-exceeded';
/** What an invocation that waited gets: an environment, or the outcome where none could be had. */
type Grant = Environment | PoolOutcome;

const CLOSED = serviceFailure('the twin is shutting down');

/** The environments of one version of a function, started on demand and reused last in, first out. */
export class FunctionPool {
  readonly #spec: FunctionSpec;
  readonly #options: FunctionPoolOptions;
  readonly #environments = new Set<Environment>();
  readonly #idle: Environment[] = [];
  readonly #waiting: Array<(grant: Grant) => void> = [];
  #growth: EnvironmentGrowth = NO_GROWTH;
  #starting = 0;
  #isClosed = false;
  #isRetired = false;
  #isFullSaid = false;

  constructor(spec: FunctionSpec, options: FunctionPoolOptions) {
    this.#spec = spec;
    this.#options = options;
  }

  get environments(): number {
    return this.#environments.size;
  }

  get busy(): number {
    return this.#environments.size - this.#idle.length;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Invokes the function; never rejects. `onLine` hears what this invocation logs. */
  async invoke(invocation: Invocation, onLine?: (line: LogLine) => void): Promise<PoolOutcome> {
    const grant = this.#idle.pop() ?? (await this.#wait());
    if (!(grant instanceof Environment)) return grant;
    const completion = await grant.invoke(invocation, onLine);
    this.#offer(grant);
    return completion;
  }

  /** Ends all environments at once; what is in flight fails, what waits gets new ones. */
  async kill(): Promise<void> {
    await Promise.all([...this.#environments].map((environment) => environment.kill()));
  }

  /** Serves what it was given, and ends with the last of it: another pool takes what comes next. */
  retire(): void {
    this.#isRetired = true;
    for (const environment of this.#idle.splice(0)) void environment.kill();
  }

  /** Ends all environments for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const grant of this.#waiting.splice(0)) grant(CLOSED);
    await this.kill();
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
    else if (this.#isRetired) void environment.kill();
    else this.#idle.push(environment);
  }

  /** Starts one more environment where invocations wait for one that nobody started yet, and there is room. */
  #grow(): void {
    const { coldStart, maxEnvironments, nowMs } = this.#options;
    const startsAtOnce = coldStart === 'real' ? Number.POSITIVE_INFINITY : 1;
    if (this.#isClosed || this.#starting >= Math.min(startsAtOnce, this.#waiting.length)) return;
    if (this.#environments.size >= maxEnvironments) {
      if (coldStart === 'real' && !this.#isFullSaid) this.#options.onFull();
      this.#isFullSaid = true;
      return;
    }
    if (coldStart === 'real') {
      const grown = grow(this.#growth, nowMs());
      if (!grown) {
        this.#waiting.pop()?.('growth-exceeded');
        return;
      }
      this.#growth = grown;
    }
    this.#start();
  }

  #start(): void {
    let environment: Environment;
    try {
      const parts = this.#options.environment();
      environment = new Environment(this.#spec, { ...parts, onEnd: () => this.#forget(environment) });
    } catch (error) {
      // Code that cannot be unpacked, a secret that is not there: nothing that another attempt would mend.
      const failure = serviceFailure((error as Error).message);
      for (const grant of this.#waiting.splice(0)) grant(failure);
      return;
    }
    this.#starting += 1;
    this.#environments.add(environment);
    void environment.initialized.then((failure) => {
      this.#starting -= 1;
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

function serviceFailure(errorMessage: string): Completion {
  return { ok: false, kind: 'failed', errorType: 'ServiceException', errorMessage, trace: [] };
}
