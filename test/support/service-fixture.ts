import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Limiter } from '../../lambdas/adapters/limiter.ts';
import { createLocalLimiter } from '../../lambdas/adapters/local-limiter.ts';
import type { LimitSpec, RouteSpec } from '../../lambdas/contract/route-spec.ts';
import type { TierLimits } from '../../lambdas/contract/tier-spec.ts';
import { createServiceHandler, type RouteHandler } from '../../lambdas/middleware/service-handler.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryReadCache } from './memory-read-cache.ts';
import { lambdaContext, type ProxyEventOptions, proxyEvent } from './proxy-event.ts';
import { RecordingLogger } from './recording-logger.ts';

/** What differs from a service with generous limits. */
export interface ServiceFixtureOptions {
  readonly routes: readonly (Omit<RouteSpec, 'limits'> & { readonly limits?: readonly LimitSpec[] })[];
  readonly handlers: Readonly<Record<string, RouteHandler>>;
  readonly tierLimits?: TierLimits;
  /** By default one that counts in memory, by the fixture's clock. */
  readonly limiter?: Limiter;
  readonly remainingMs?: number;
}

/** A service with all of its middlewares, over a manual clock, an in-memory cache and a recorded log. */
export function createServiceFixture(options: ServiceFixtureOptions) {
  const clock = new ManualClock();
  const cache = new MemoryReadCache();
  const logger = new RecordingLogger();
  const handler = createServiceHandler({
    routes: options.routes.map((route) => ({ ...route, limits: [...(route.limits ?? [])] })),
    handlers: options.handlers,
    tierLimits: options.tierLimits ?? { free: { ratePerSecond: 100, burst: 200 } },
    limiter: options.limiter ?? createLocalLimiter(clock),
    cache,
    clock,
    logger,
  });
  const context = lambdaContext(options.remainingMs === undefined ? {} : { remainingMs: options.remainingMs });
  const send = async (event: ProxyEventOptions): Promise<Answer> =>
    readAnswer(await handler(proxyEvent(event), context));
  return { clock, cache, logger, handler, send };
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
