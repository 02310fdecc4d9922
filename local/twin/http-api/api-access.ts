import type { HttpExchange } from './http-exchange.ts';
import type { RefusalType } from './refusal.ts';

/** One request or message after its answer: the shape of the REST gateway's access entry. */
export interface ApiAccess {
  readonly requestId: string;
  readonly startedAtMs: number;
  /** HTTP method; of a WebSocket API `CONNECT`, `MESSAGE` or `DISCONNECT`. */
  readonly method: string;
  readonly path: string;
  readonly route: string | undefined;
  readonly status: number;
  readonly latencyMs: number;
  readonly authorizerLatencyMs: number | undefined;
  readonly integrationLatencyMs: number | undefined;
  readonly principalId: string | undefined;
  /** These APIs have no usage plans. */
  readonly plan: undefined;
  readonly refusal:
    | {
        readonly responseType: RefusalType;
        readonly reason: string;
        readonly throttle?: { readonly level: 'stage-method' | 'account'; readonly limit: string };
      }
    | undefined;
  /** The line of the access log in the stage's own format; undefined where the stage has no access log. */
  readonly line: string | undefined;
}

export function httpAccess(exchange: HttpExchange): ApiAccess {
  const { caller, refusal, startedAtMs } = exchange;
  return {
    requestId: exchange.requestId,
    startedAtMs,
    method: exchange.request.method,
    path: exchange.path,
    route: exchange.route?.key,
    status: exchange.status,
    latencyMs: (exchange.finishedAtMs ?? startedAtMs) - startedAtMs,
    authorizerLatencyMs: exchange.authorizerLatencyMs,
    integrationLatencyMs: exchange.integrationLatencyMs,
    principalId: caller?.kind === 'jwt' ? caller.claims.sub : caller?.principalId,
    plan: undefined,
    refusal: refusal && {
      responseType: refusal.type,
      reason: refusal.reason,
      ...(refusal.throttle && { throttle: refusal.throttle }),
    },
    line: exchange.stage.accessLog?.(exchange),
  };
}
