import { setTimeout as delay } from 'node:timers/promises';
import type { AdmissionDecision } from '../../lambdas/adapters/admission/admission.ts';
import { createServiceRuntime } from '../../lambdas/adapters/service-runtime.ts';
import type { AdmissionSpec } from '../../lambdas/contract/admission-spec.ts';
import { Env } from '../../lambdas/contract/environment.ts';
import type { RouteSpecInput } from '../../lambdas/contract/route-spec.ts';
import { findExchange } from '../../lambdas/middleware/exchange.ts';
import { createServiceHandler, type ServiceHandler } from '../../lambdas/middleware/service-handler.ts';
import { authorizerContext, lambdaContext, proxyEvent } from './proxy-event.ts';
import { RecordingLogger } from './recording-logger.ts';

/** How one request ended. */
export interface FleetOutcome {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly user: string;
  /** Which environment served it. */
  readonly environment: number;
  readonly decision: AdmissionDecision | undefined;
  /** When it began and ended, in ms since the fleet was made. */
  readonly beganMs: number;
  readonly endedMs: number;
}

export interface ServiceFleetOptions {
  readonly cachePort: number;
  readonly onStoreFailure: AdmissionSpec['onStoreFailure'];
  readonly routes: readonly RouteSpecInput[];
  readonly storeTimeoutMs: number;
}

interface FleetEnvironment {
  readonly index: number;
  readonly serve: ServiceHandler;
  readonly close: () => void;
}

const TIER_LIMITS = { free: { ratePerSecond: 100_000, burst: 100_000 } };
/** Of what a stall of this process has held up, the rest waits: to start an environment for each would stall it more. */
const SIZE_MAX = 8;
/** What each request works, so that several are in flight. */
const WORK_MS = 5;

/**
 * A service in as many environments as Lambda would start: each works on one request at a time, and has a connection,
 * a memory and a penalty of its own. All of the real parts but the metrics, over real sockets.
 */
export class ServiceFleet {
  readonly logger = new RecordingLogger();
  readonly #options: ServiceFleetOptions;
  readonly #free: FleetEnvironment[] = [];
  readonly #all: FleetEnvironment[] = [];
  readonly #waiting: ((environment: FleetEnvironment) => void)[] = [];
  readonly #startedAt = performance.now();

  constructor(options: ServiceFleetOptions) {
    this.#options = options;
  }

  /** Environments that were started. */
  get size(): number {
    return this.#all.length;
  }

  get nowMs(): number {
    return performance.now() - this.#startedAt;
  }

  /** Sends one request of a user to the environment that was used last, as Lambda does, or to a new one; or has it wait for one. */
  async send(path: string, user: string): Promise<FleetOutcome> {
    const environment = await this.#take();
    const beganMs = this.nowMs;
    const event = proxyEvent({
      resource: path,
      authorizer: authorizerContext({ sub: user, scopes: 'run', expSeconds: Math.ceil(Date.now() / 1_000) + 900 }),
    });
    try {
      const { statusCode, headers = {} } = await environment.serve(event, lambdaContext());
      return {
        status: statusCode,
        headers,
        user,
        environment: environment.index,
        decision: findExchange(event)?.decision,
        beganMs,
        endedMs: this.nowMs,
      };
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(environment);
      else next(environment);
    }
  }

  close(): void {
    for (const environment of this.#all) environment.close();
  }

  #take(): FleetEnvironment | Promise<FleetEnvironment> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#all.length < SIZE_MAX) return this.#start();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #start(): FleetEnvironment {
    const { cachePort, onStoreFailure, routes, storeTimeoutMs } = this.#options;
    const spec = {
      ...{ service: 'Fleet', shards: 1, onStoreFailure, storeTimeoutMs, leaseMs: 2_000 },
      // High enough to shed nobody: what is asked here is what a failing store does.
      adaptiveLimit: { algorithm: 'aimd', min: 500, max: 1_000, initial: 1_000 },
    };
    const runtime = createServiceRuntime({
      AWS_LAMBDA_FUNCTION_NAME: 'fleet',
      [Env.CACHE_URL]: `redis://127.0.0.1:${cachePort}`,
      [Env.ROUTES]: JSON.stringify(routes),
      [Env.TIER_LIMITS]: JSON.stringify(TIER_LIMITS),
      [Env.ADMISSION]: JSON.stringify(spec),
    });
    const work = async () => {
      await delay(WORK_MS);
      return { statusCode: 200, body: {} };
    };
    const environment = {
      index: this.#all.length,
      serve: createServiceHandler({
        ...runtime,
        logger: this.logger,
        metrics: { count: () => undefined, countBehind: () => undefined, flush: () => undefined },
        handlers: Object.fromEntries(routes.map(({ method, path }) => [`${method} ${path}`, work])),
      }),
      close: () => runtime.store.close(),
    };
    this.#all.push(environment);
    return environment;
  }
}
