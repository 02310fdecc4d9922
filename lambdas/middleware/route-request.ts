import type { APIGatewayProxyEvent } from 'aws-lambda';

/** Who calls, as the authorizer found out. */
export interface Caller {
  readonly sub: string;
  readonly tier: string;
  readonly scopes: readonly string[];
  readonly expiresAtSeconds: number;
}

/** A request as a route's handler sees it: matched, authorized, within its limits, and parsed. */
export interface RouteRequest {
  /** As received. */
  readonly event: APIGatewayProxyEvent;
  readonly requestId: string;
  /** W3C trace context of the caller. */
  readonly traceparent: string | undefined;
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
}

export type RouteHandler = (request: RouteRequest) => Promise<RouteReply>;
