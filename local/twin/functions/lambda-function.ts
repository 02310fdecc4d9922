import type { EnvironmentOptions, Failure } from './environment.ts';
import { type ColdStart, FunctionPool, type Invocation } from './function-pool.ts';
import type { FunctionSpec } from './function-spec.ts';
import type { ThrottleReason } from './invoke.ts';
import { type LogLine, RecentLines } from './log-lines.ts';
import { type Admission, type ConcurrencyRefusal, release } from './model/concurrency.ts';

export interface LambdaFunctionOptions {
  readonly coldStart: ColdStart;
  readonly maxEnvironments: number;
  readonly nowMs: () => number;
  /** Takes a place for one invocation, or says why there is none. */
  readonly admit: (functionName: string) => Admission | ConcurrencyRefusal;
  /** What an environment of this version of the function is made of. */
  readonly environment: (
    spec: FunctionSpec,
    version: string,
  ) => Pick<EnvironmentOptions, 'variables' | 'code' | 'skipped'>;
  readonly onLine: (spec: FunctionSpec, line: LogLine) => void;
  readonly log: (message: string) => void;
}

/** How an invocation ended, before anybody made an `InvokeOutcome` of it. */
export type FunctionOutcome =
  | { readonly ok: true; readonly resultJson: string }
  | Failure
  | { readonly ok: false; readonly kind: 'throttled'; readonly reason: ThrottleReason };

/** What the console shows of a function. */
export interface InvocationCounts {
  readonly environments: number;
  readonly busy: number;
  readonly waiting: number;
  readonly invocations: number;
  readonly failures: number;
  readonly throttles: number;
  /** Duration of the last invocation. */
  readonly lastMs: number | undefined;
}

/** One function: the environments of its versions, what it logged, and how often it ran. */
export class LambdaFunction {
  readonly lines = new RecentLines();
  readonly #options: LambdaFunctionOptions;
  #spec: FunctionSpec;
  readonly #pools = new Map<string, FunctionPool>();
  /** Pools of a spec that was replaced, until their last invocation ends. */
  readonly #retired = new Set<FunctionPool>();
  #invocations = 0;
  #failures = 0;
  #throttles = 0;
  #lastMs: number | undefined;

  constructor(spec: FunctionSpec, options: LambdaFunctionOptions) {
    this.#spec = spec;
    this.#options = options;
  }

  get spec(): FunctionSpec {
    return this.#spec;
  }

  counts(): InvocationCounts {
    const pools = [...this.#pools.values(), ...this.#retired];
    const sum = (count: (pool: FunctionPool) => number): number => pools.reduce((all, pool) => all + count(pool), 0);
    return {
      environments: sum(({ environments }) => environments),
      busy: sum(({ busy }) => busy),
      waiting: sum(({ waiting }) => waiting),
      invocations: this.#invocations,
      failures: this.#failures,
      throttles: this.#throttles,
      lastMs: this.#lastMs,
    };
  }

  /** Invokes one version; never rejects. `onLine` hears what this invocation logs. */
  async invoke(version: string, invocation: Invocation, onLine?: (line: LogLine) => void): Promise<FunctionOutcome> {
    const admission = this.#options.admit(this.#spec.name);
    if (typeof admission === 'string') return this.#throttled(admission);
    this.#invocations += 1;
    const startMs = performance.now();
    const outcome = await this.#pool(version).invoke(invocation, onLine);
    this.#lastMs = performance.now() - startMs;
    release(admission);
    if (outcome === 'growth-exceeded') return this.#throttled('ConcurrentInvocationLimitExceeded');
    if (!outcome.ok) this.#failures += 1;
    return outcome;
  }

  /** Takes another spec: what is in flight ends in the environments that it began in, what comes next gets new ones. */
  replace(spec: FunctionSpec): void {
    this.#spec = spec;
    for (const pool of this.#pools.values()) {
      pool.retire();
      this.#retired.add(pool);
    }
    this.#pools.clear();
    for (const pool of this.#retired) if (pool.environments === 0) this.#retired.delete(pool);
  }

  async kill(): Promise<void> {
    await Promise.all([...this.#pools.values(), ...this.#retired].map((pool) => pool.kill()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values(), ...this.#retired].map((pool) => pool.close()));
  }

  #throttled(reason: ThrottleReason): FunctionOutcome {
    this.#throttles += 1;
    return { ok: false, kind: 'throttled', reason };
  }

  #pool(version: string): FunctionPool {
    const known = this.#pools.get(version);
    if (known) return known;
    const spec = this.#spec;
    const { coldStart, maxEnvironments, nowMs, environment, onLine, log } = this.#options;
    const pool = new FunctionPool(spec, {
      coldStart,
      maxEnvironments,
      nowMs,
      environment: () => ({
        ...environment(spec, version),
        onLine: (line) => {
          this.lines.add(line);
          onLine(spec, line);
        },
      }),
      onFull: () =>
        log(
          `${spec.label}: ${maxEnvironments} environments are as many as this machine is given (maxEnvironments); AWS would ` +
            'start more, here further invocations wait for a free one',
        ),
    });
    this.#pools.set(version, pool);
    return pool;
  }
}
