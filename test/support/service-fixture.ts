import type { APIGatewayProxyResult } from 'aws-lambda';
import * as v from 'valibot';
import type { Admission } from '../../lambdas/adapters/admission/admission.ts';
import type { AdmissionMetrics } from '../../lambdas/adapters/admission/admission-metrics.ts';
import { LocalAdmission } from '../../lambdas/adapters/admission/local-admission.ts';
import type { BreakerReport } from '../../lambdas/adapters/dependencies/breaker-store.ts';
import { createDependencyCalls } from '../../lambdas/adapters/dependencies/call-dependency.ts';
import { systemTimer } from '../../lambdas/adapters/dependencies/set-timer.ts';
import type { IdempotencyStore } from '../../lambdas/adapters/idempotency/idempotency-store.ts';
import type { Parking } from '../../lambdas/adapters/parking/environment-parking.ts';
import { AdmissionSpecJson } from '../../lambdas/contract/admission-spec.ts';
import { type RouteSpecInput, RouteSpecs } from '../../lambdas/contract/route-spec.ts';
import type { TierLimits } from '../../lambdas/contract/tier-spec.ts';
import { createServiceHandler, type RouteHandler } from '../../lambdas/middleware/service-handler.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryReadCache } from './memory-read-cache.ts';
import { lambdaContext, type ProxyEventOptions, proxyEvent } from './proxy-event.ts';
import { RecordingLogger } from './recording-logger.ts';

/** What differs from a service with generous limits. */
export interface ServiceFixtureOptions {
  readonly routes: readonly RouteSpecInput[];
  readonly handlers: Readonly<Record<string, RouteHandler>>;
  readonly tierLimits?: TierLimits;
  /** Members of the `AdmissionSpec` that differ: by default no load is measured, and there is no dependency. */
  readonly spec?: Readonly<Record<string, unknown>>;
  /** By default one that counts in memory, by the fixture's clock. */
  readonly admission?: Admission;
  readonly parking?: Parking;
  readonly idempotency?: IdempotencyStore;
  /** By default one of its own. */
  readonly clock?: ManualClock;
  readonly remainingMs?: number;
}

/** A service with all of its middlewares, over a manual clock, an in-memory cache and a recorded log. */
export function createServiceFixture(options: ServiceFixtureOptions) {
  const { clock = new ManualClock() } = options;
  const cache = new MemoryReadCache();
  const logger = new RecordingLogger();
  const counted: Parameters<AdmissionMetrics['count']>[] = [];
  /** Requests that met a queue which is behind. */
  const behind: Parameters<AdmissionMetrics['countBehind']>[] = [];
  const reports: BreakerReport[] = [];
  const spec = v.parse(
    AdmissionSpecJson,
    JSON.stringify({
      service: 'Service',
      shards: 1,
      onStoreFailure: 'local',
      storeTimeoutMs: 50,
      leaseMs: 10_000,
      ...options.spec,
    }),
  );
  const random = () => 0.5;
  const handler = createServiceHandler({
    routes: v.parse(RouteSpecs, JSON.stringify(options.routes)),
    handlers: options.handlers,
    tierLimits: options.tierLimits ?? { free: { ratePerSecond: 100, burst: 200 } },
    spec,
    admission: options.admission ?? new LocalAdmission(clock),
    metrics: {
      count: (...args) => void counted.push(args),
      countBehind: (...args) => void behind.push(args),
      flush: () => undefined,
    },
    calls: createDependencyCalls({ dependencies: spec.dependencies, clock, random, setTimer: systemTimer }),
    recordCalls: (_caller, sent) => void reports.push(...sent),
    cache,
    clock,
    logger,
    random,
    ...(options.parking && { parking: options.parking }),
    ...(options.idempotency && { idempotency: options.idempotency }),
  });
  const context = lambdaContext(options.remainingMs === undefined ? {} : { remainingMs: options.remainingMs });
  const send = async (event: ProxyEventOptions): Promise<Answer> =>
    readAnswer(await handler(proxyEvent(event), context));
  return { clock, cache, logger, counted, behind, reports, handler, send };
}

/** An answer with its body parsed and its headers by lower-case name. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

function readAnswer({ statusCode, headers, body }: APIGatewayProxyResult): Answer {
  const entries = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return { status: statusCode, headers: Object.fromEntries(entries), body: body === '' ? undefined : JSON.parse(body) };
}
