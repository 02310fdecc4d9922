import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Clock } from '../adapters/clock.ts';
import type { ServiceLogger } from '../adapters/logger.ts';
import { TRACEPARENT_PATTERN } from '../contract/traceparent.ts';
import { ServiceError } from '../errors/service-error.ts';
import { deadlineOf, readRequestTimeout } from '../resilience/deadline.ts';
import { type Exchange, findExchange, openExchange, type ServiceMiddleware, type ServiceRoute } from './exchange.ts';
import { headerOf } from './header-of.ts';
import { findReadmission } from './readmission.ts';

/** What the request context works with. */
export interface RequestContextOptions {
  readonly routes: ReadonlyMap<string, ServiceRoute>;
  readonly clock: Clock;
  readonly logger: ServiceLogger;
}

/** Kept back to write the answer in. */
const RESERVE_MS = 100;

const TRACEPARENT = new RegExp(`^${TRACEPARENT_PATTERN}$`);

/**
 * Finds the route, and writes one line per request when all is over: as an error, with its stack, if nobody meant it
 * to happen. The line never holds tokens or bodies. Must be the first middleware.
 */
export function requestContext({ routes, clock, logger }: RequestContextOptions): ServiceMiddleware {
  return {
    before: ({ event, context }) => {
      const name = `${event.httpMethod} ${event.resource}`;
      const route = routes.get(name);
      if (route === undefined) throw new ServiceError('no-such-route', `there is no ${name} here`, { statusCode: 404 });
      const startedMs = clock.now();
      const parked = findReadmission(event);
      // Whoever was told to come back later does not wait at the other end.
      const hintMs = parked === undefined ? requestTimeoutMs(event) : undefined;
      const bounds = { nowMs: startedMs, remainingMs: context.getRemainingTimeInMillis(), reserveMs: RESERVE_MS };
      const deadlineMs = deadlineOf({ ...bounds, hintMs });
      openExchange(event, {
        requestId: event.requestContext.requestId,
        traceparent: readTraceparent(event),
        startedMs,
        deadlineMs,
        isHinted: deadlineMs < deadlineOf(bounds),
        route,
        ...(parked && { parked }),
      });
    },
    after: ({ event, response }) => {
      const exchange = findExchange(event);
      if (exchange !== undefined) logger.info('request', describe(exchange, response?.statusCode, clock.now()));
    },
    onError: ({ event, response, error }) => {
      const exchange = findExchange(event);
      const status = response?.statusCode;
      const line = exchange === undefined ? describeUnrouted(event, status) : describe(exchange, status, clock.now());
      if (error instanceof ServiceError && error.statusCode < 500)
        logger.info('request', { ...line, code: error.code });
      else logger.error('request', { ...line, error: error ?? undefined });
    },
  };
}

function describe(exchange: Exchange, status: number | undefined, nowMs: number) {
  const { requestId, traceparent, route, caller, cache, idempotency, decision, violated, wouldRefuse, startedMs } =
    exchange;
  return {
    requestId,
    route: route.name,
    status,
    durationMs: nowMs - startedMs,
    sub: caller?.sub,
    tier: caller?.tier,
    cache,
    idempotency: idempotency?.outcome,
    admission: decision && {
      outcome: decision.outcome,
      decidedBy: decision.decidedBy,
      violated,
      wouldRefuse,
      overload: decision.load?.overload,
    },
    behind: exchange.behind,
    parkedId: exchange.parked?.parkedId,
    traceparent,
  };
}

function describeUnrouted(event: APIGatewayProxyEvent, status: number | undefined) {
  return { requestId: event.requestContext?.requestId, route: `${event.httpMethod} ${event.resource}`, status };
}

/** @throws ServiceError for a header that is broken: its caller would believe in a deadline that nobody keeps. */
function requestTimeoutMs(event: APIGatewayProxyEvent): number | undefined {
  const timeout = readRequestTimeout(headerOf(event, 'request-timeout'));
  if ('problem' in timeout) throw new ServiceError('invalid-request', timeout.problem, { statusCode: 400 });
  return timeout.hintMs;
}

function readTraceparent(event: APIGatewayProxyEvent): string | undefined {
  const value = headerOf(event, 'traceparent');
  return value !== undefined && TRACEPARENT.test(value) ? value : undefined;
}
