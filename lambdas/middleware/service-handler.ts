import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Clock } from '../adapters/clock.ts';
import type { Limiter } from '../adapters/limiter.ts';
import type { ServiceLogger } from '../adapters/logger.ts';
import type { ReadCache } from '../adapters/read-cache.ts';
import type { RouteSpec } from '../contract/route-spec.ts';
import type { TierLimits } from '../contract/tier-spec.ts';
import type { RouteHandler } from './route-request.ts';

export type { Caller, RouteHandler, RouteReply, RouteRequest } from './route-request.ts';

/** What a service is made of. */
export interface ServiceOptions {
  readonly routes: readonly RouteSpec[];
  readonly tierLimits: TierLimits;
  /** One per route, by `<method> <path>`, such as `GET /api/feed`. */
  readonly handlers: Readonly<Record<string, RouteHandler>>;
  readonly limiter: Limiter;
  readonly cache: ReadCache;
  readonly clock: Clock;
  readonly logger: ServiceLogger;
}

export type ServiceHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** Composes the handlers of a service with all that stands before and after them. */
export function createServiceHandler(_options: ServiceOptions): ServiceHandler {
  throw new Error('under construction');
}
