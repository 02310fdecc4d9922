import { randomUUID } from 'node:crypto';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Admission } from '../adapters/admission/admission.ts';
import type { AdmissionMetrics } from '../adapters/admission/admission-metrics.ts';
import type { Clock } from '../adapters/clock.ts';
import type { RecordCalls } from '../adapters/dependencies/breaker-recorder.ts';
import type { DependencyCalls } from '../adapters/dependencies/call-dependency.ts';
import type { IdempotencyStore } from '../adapters/idempotency/idempotency-store.ts';
import type { ServiceLogger } from '../adapters/logger.ts';
import type { Parking } from '../adapters/parking/environment-parking.ts';
import type { ReadCache } from '../adapters/read-cache.ts';
import type { AdmissionSpec } from '../contract/admission-spec.ts';
import type { RouteSpec } from '../contract/route-spec.ts';
import type { TierLimits } from '../contract/tier-spec.ts';
import { ServiceError } from '../errors/service-error.ts';
import { admission as admit } from './admission.ts';
import { authorize } from './authorize.ts';
import { cachedRead } from './cached-read.ts';
import { claimParked } from './claim-parked.ts';
import { cors } from './cors.ts';
import { type Exchange, exchangeOf } from './exchange.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { createIdempotentReply, type IdempotentReply } from './idempotent-reply.ts';
import { jsonBody } from './json-body.ts';
import { type ParkRequest, parkRequest } from './park-request.ts';
import { problemJson } from './problem-json.ts';
import { isParkedBatch, readmitParked } from './readmit-parked.ts';
import { refuseWhenBehind } from './refuse-when-behind.ts';
import { requestContext } from './request-context.ts';
import type { RouteHandler, RouteRequest } from './route-request.ts';
import { createRouteTable } from './route-table.ts';
import { toReply } from './to-reply.ts';

export type { Caller, RouteHandler, RouteReply, RouteRequest } from './route-request.ts';

/** What a service is made of. */
export interface ServiceOptions {
  readonly routes: readonly RouteSpec[];
  readonly tierLimits: TierLimits;
  /** One per route, by `<method> <path>`, such as `GET /api/feed`. */
  readonly handlers: Readonly<Record<string, RouteHandler>>;
  readonly spec: AdmissionSpec;
  readonly admission: Admission;
  readonly metrics: AdmissionMetrics;
  readonly calls: DependencyCalls;
  readonly recordCalls: RecordCalls;
  readonly cache: ReadCache;
  readonly clock: Clock;
  readonly logger: ServiceLogger;
  readonly random: () => number;
  /** Where requests wait that cannot be served now; for services with routes that park. */
  readonly parking?: Parking;
  /** Where answers are kept for requests that come again; for services with routes that take an `Idempotency-Key`. */
  readonly idempotency?: IdempotencyStore;
}

/** Answers requests of API Gateway and, in a service that parks, takes up again what comes out of its parking queue. */
export interface ServiceHandler {
  (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult>;
  (event: SQSEvent, context: Context): Promise<SQSBatchResponse>;
}

/** So much before the function's time-out the answer is 504: late enough to be rare, early enough to be written down. */
const TIMEOUT_EARLY_MS = 50;

/**
 * Composes the handlers of a service with all that stands before and after them: authorize → admit → cache → body →
 * handler, the cheapest refusal first, and none of them costs what a later one would.
 * @throws RangeError for a route without a handler, a handler without a route, limits that cannot be, or idempotency
 * without a store.
 */
export function createServiceHandler(options: ServiceOptions): ServiceHandler {
  const { parking, spec, admission, ...shared } = options;
  const releasePlace = (caller: string) => admission.releasePlace(caller);
  const park = parking && parkRequest({ ...shared, ...parking, parkedMax: spec.parkedMax, releasePlace });
  const serve = createRequestHandler(options, park);
  const readmit = parking && readmitParked({ ...shared, ...parking, serve, releasePlace });
  return ((event: APIGatewayProxyEvent | SQSEvent, context: Context) =>
    readmit !== undefined && isParkedBatch(event)
      ? readmit(event, context)
      : serve(event as APIGatewayProxyEvent, context)) as ServiceHandler;
}

type RequestHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

function createRequestHandler(options: ServiceOptions, park: ParkRequest | undefined): RequestHandler {
  const { cache, clock, logger, idempotency: store } = options;
  const table = createRouteTable(options.routes, options.handlers);
  const routes = [...table.values()];
  const keyed = routes.find(({ spec }) => spec.idempotency !== undefined);
  if (keyed !== undefined && store === undefined) {
    throw new RangeError(`route '${keyed.name}' takes an idempotency key, but there is no store; pass idempotency`);
  }
  const handler = middy<APIGatewayProxyEvent, APIGatewayProxyResult>(
    dispatch(clock, store && createIdempotentReply({ store, logger })),
    {
      timeoutEarlyInMillis: TIMEOUT_EARLY_MS,
      timeoutEarlyResponse: () => {
        throw new ServiceError('timed-out', 'the service did not answer in time', { statusCode: 504, expose: true });
      },
    },
  );
  handler
    .use(requestContext({ routes: table, clock, logger }))
    .use(cors())
    .use(authorize(clock))
    .use(idempotencyKey())
    .use(admit({ ...options, routes, park }))
    .use(refuseWhenBehind(options))
    .use(claimParked())
    .use(cachedRead({ routes, cache }))
    .use(jsonBody())
    // Last, because middy runs the error handlers from the inside out: those above add to the answer that this one makes.
    .use(problemJson());
  return (event, context) => handler(event, context);
}

/** Calls the route's handler, unless a middleware has answered already, or nobody waits for the answer any more. */
function dispatch(clock: Clock, replyOnce: IdempotentReply | undefined) {
  return async (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> => {
    const exchange = exchangeOf(event);
    if (exchange.reply !== undefined) return exchange.reply;
    if (clock.now() >= exchange.deadlineMs) {
      throw new ServiceError('deadline-passed', 'the time to answer was over before the work was begun', {
        statusCode: 504,
        expose: true,
      });
    }
    const handle = async (parts: Parameters<typeof toRequest>[2]) => {
      const reply = await exchange.route.handler(toRequest(event, exchange, parts));
      if (reply.cost !== undefined) exchange.cost = assertCost(exchange.route.name, reply.cost);
      return reply;
    };
    const { idempotency, parked } = exchange;
    if (idempotency !== undefined && replyOnce !== undefined) {
      const remainingMs = () => context.getRemainingTimeInMillis();
      return replyOnce({ event, exchange, key: idempotency.key, remainingMs, handle });
    }
    // Not the request's id, which callers may choose: two effects under one name would be one.
    return toReply(await handle({ effectId: parked?.parkedId ?? randomUUID() }));
  };
}

/** The settlement is one script that nobody waits for: with a number that it cannot pack it would keep the lease as well. */
function assertCost(routeName: string, cost: number): number {
  if (Number.isSafeInteger(cost) && cost >= 0) return cost;
  throw new RangeError(`'${routeName}' must cost a whole number of units of at least 0, got ${cost}`);
}

function toRequest(
  event: APIGatewayProxyEvent,
  exchange: Exchange,
  parts: Pick<RouteRequest, 'effectId' | 'completion'>,
): RouteRequest {
  const { requestId, traceparent, deadlineMs, caller, body, calls } = exchange;
  if (calls === undefined) throw new TypeError('admission must come before the handler');
  const query = (event.queryStringParameters ?? {}) as Record<string, string>;
  return {
    event,
    requestId,
    ...parts,
    traceparent,
    deadlineMs,
    call: calls.call,
    caller,
    path: decodePath(event),
    query,
    body,
  };
}

/** API Gateway passes path parameters on as they stand in the URL. */
function decodePath({ pathParameters }: APIGatewayProxyEvent): Record<string, string> {
  const decoded: Record<string, string> = {};
  for (const [name, value = ''] of Object.entries(pathParameters ?? {})) {
    try {
      decoded[name] = decodeURIComponent(value);
    } catch (cause) {
      throw new ServiceError(
        'invalid-request',
        `path parameter '${name}' is not valid percent-encoding, got '${value}'`,
        {
          statusCode: 400,
          cause,
        },
      );
    }
  }
  return decoded;
}
