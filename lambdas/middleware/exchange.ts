import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { AdmissionDecision, AdmissionRequest } from '../adapters/admission/admission.ts';
import type { RequestCalls } from '../adapters/dependencies/call-dependency.ts';
import type { OnceOutcome } from '../adapters/idempotency/idempotency-store.ts';
import type { RouteSpec } from '../contract/route-spec.ts';
import type { Caller, RouteHandler } from './route-request.ts';

/** A route with its handler. */
export interface ServiceRoute {
  readonly spec: RouteSpec;
  /** `<method> <path>`, such as `GET /api/feed`. */
  readonly name: string;
  readonly handler: RouteHandler;
}

/** An answer on its way out, its body already text. Middlewares add headers to it. */
export interface Reply extends APIGatewayProxyResult {
  readonly headers: Record<string, string>;
}

/** Place of an answer in the cache, as found when it was looked up. */
export interface CacheSlot {
  readonly key: string;
  readonly version: string | undefined;
  readonly ttlMs: number;
}

/** Where a request that was parked comes from. */
export interface ParkedOrigin {
  readonly parkedId: string;
  /** When its caller was authenticated. */
  readonly parkedAtMs: number;
  readonly deadlineMs: number;
}

/** What the middlewares know about one request, each adding its part. */
export interface Exchange {
  readonly requestId: string;
  readonly traceparent: string | undefined;
  readonly startedMs: number;
  readonly deadlineMs: number;
  /** Whether the caller set the deadline, by saying how long they wait. */
  readonly isHinted: boolean;
  /** Set where the request comes out of the parking queue. */
  readonly parked?: ParkedOrigin;
  readonly route: ServiceRoute;
  caller?: Caller;
  body?: unknown;
  decision?: AdmissionDecision;
  /** What was admitted, until it is taken out of the books again. */
  admitted?: AdmissionRequest | undefined;
  admittedAtMs?: number;
  /** Its calls of what the service depends on. */
  calls?: RequestCalls;
  /** What the handler says the request has cost. */
  cost?: number;
  /** What the answer says about the limits. */
  limitHeaders?: Readonly<Record<string, string>>;
  /** Names of the limits that denied the request. */
  violated?: readonly string[];
  /** Policies on a dry run that would have denied it. */
  wouldRefuse?: readonly string[];
  /** The queue that the request was refused for, as it is behind. */
  behind?: string;
  cache?: 'hit' | 'miss';
  /** Where the answer is to be kept. */
  keepAs?: CacheSlot;
  /** The key of a request that may come again, and what was found under it. */
  idempotency?: { readonly key: string; outcome?: OnceOutcome['kind'] };
  /** Set by a middleware that answers itself: the handler is not called then. */
  reply?: Reply | undefined;
}

export type ServiceMiddleware = middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult>;

/**
 * A middy handler sees the event but not what the middlewares found out, so that is kept by event. Entries go with
 * their events.
 */
const exchanges = new WeakMap<object, Exchange>();

export function openExchange(event: object, exchange: Exchange): void {
  exchanges.set(event, exchange);
}

/** The exchange of an event, if it got so far as to have one. */
export function findExchange(event: object): Exchange | undefined {
  return exchanges.get(event);
}

/** The exchange of an event that the request context has seen. */
export function exchangeOf(event: object): Exchange {
  const exchange = exchanges.get(event);
  if (exchange === undefined) throw new TypeError('the request context must be the first middleware');
  return exchange;
}
