import type { GatewayResponseType } from './answer/gateway-response-types.ts';
import type { ThrottleRefusal } from './answer/refusal.ts';
import type { Exchange } from './exchange.ts';
import type { RestApi } from './template/read-rest-api.ts';

/** Why a request never reached its integration, or what went wrong there. */
export interface AccessRefusal {
  readonly responseType: GatewayResponseType;
  /** A sentence for whoever runs the twin. */
  readonly reason: string;
  /** Which level, plan and limit, where a throttle or a quota refused. */
  readonly throttle?: ThrottleRefusal;
}

/** One request to an API of any kind, or one message of a WebSocket API, after its answer. */
export interface AccessEntry {
  readonly requestId: string;
  readonly startedAtMs: number;
  /** HTTP method; of a WebSocket API `CONNECT`, `MESSAGE` or `DISCONNECT`. */
  readonly method: string;
  /** Path as sent, without the query string; of a WebSocket API that of the stage. */
  readonly path: string;
  /** `POST /api/feed`, `$connect`; undefined where no route matched. */
  readonly route: string | undefined;
  readonly status: number;
  readonly latencyMs: number;
  /** Undefined where the authorizer was not asked at all; 0 where its cache answered. */
  readonly authorizerLatencyMs: number | undefined;
  readonly integrationLatencyMs: number | undefined;
  readonly principalId: string | undefined;
  /** Name of the usage plan that the caller's key is in; only REST APIs have them. */
  readonly plan: string | undefined;
  readonly refusal: AccessRefusal | undefined;
  /** The line of the access log in the stage's own format; undefined where the stage has no access log. */
  readonly line: string | undefined;
}

/** The entry of a request to a REST API. */
export function accessEntry(exchange: Exchange, api: RestApi): AccessEntry {
  const { refusal, request, startedAtMs } = exchange;
  return {
    requestId: exchange.requestId,
    startedAtMs,
    method: request.method,
    path: request.rawPath,
    route: exchange.route?.key,
    status: exchange.status,
    latencyMs: (exchange.finishedAtMs ?? startedAtMs) - startedAtMs,
    authorizerLatencyMs: exchange.authorizerLatencyMs,
    integrationLatencyMs: exchange.integrationLatencyMs,
    principalId: exchange.authorization?.principalId,
    plan: exchange.apiKey?.plan.name,
    refusal: refusal && {
      responseType: refusal.responseType,
      reason: refusal.reason,
      ...(refusal.throttle && { throttle: refusal.throttle }),
    },
    line: api.accessLog?.(exchange),
  };
}
