import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { CallDependency } from '../adapters/dependencies/call-dependency.ts';
import type { TransactionItem } from '../adapters/outbox.ts';

/** Who calls, as the authorizer found out. */
export interface Caller {
  readonly sub: string;
  readonly tier: string;
  readonly scopes: readonly string[];
  readonly expiresAtSeconds: number;
  /** Tenant that the token names. */
  readonly tenant?: string;
  /** Claims that limits count by. */
  readonly claims?: Readonly<Record<string, string>>;
}

/** A request as a route's handler sees it: matched, authorized, within its limits, and parsed. */
export interface RouteRequest {
  /** As received. */
  readonly event: APIGatewayProxyEvent;
  readonly requestId: string;
  /** W3C trace context of the caller. */
  readonly traceparent: string | undefined;
  /**
   * Names the effect of the request. Whoever writes it under this name, on condition that it is not there yet, has it once,
   * also where a parked request is delivered twice, or one with an `Idempotency-Key` is sent twice.
   */
  readonly effectId: string;
  /**
   * Keeps the answer, below 400, for whoever sends the request again: part of the transaction that writes the effect, so that
   * both are written or neither. The transaction fails on it where the request has taken longer than the function's time and
   * somebody else is at it; then nothing was written, and the handler is to throw. Answer the very object that was given here
   * once the transaction was committed, and another one if it was not. Absent without an `Idempotency-Key`; whoever does
   * without it has the answer kept after the handler.
   */
  readonly completion?: (reply: RouteReply) => TransactionItem;
  /** When the answer is of no use any more, in ms since the epoch. Work that cannot be done by then is not begun. */
  readonly deadlineMs: number;
  /** Calls a dependency of the service: in time, unless its breaker is open, and with a fallback if there is one. */
  readonly call: CallDependency;
  /** Always set on a route with a scope. */
  readonly caller: Caller | undefined;
  /** Decoded path parameters. */
  readonly path: Readonly<Record<string, string>>;
  /** The last value of each query parameter. */
  readonly query: Readonly<Record<string, string>>;
  /** Parsed JSON, or undefined without a body; broken JSON was answered with 400 already. */
  readonly body: unknown;
}

/** What a handler answers. `body` is sent as JSON. */
export interface RouteReply {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What the request has cost, in whole units, for limits with `RequestCost.reported`. @default - what was reserved */
  readonly cost?: number;
}

export type RouteHandler = (request: RouteRequest) => Promise<RouteReply>;
