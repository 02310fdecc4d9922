import type { AccessEntry } from '../gateway/access-entry.ts';
import type { HttpExchange } from './http-exchange.ts';

/** The entry of a request to an HTTP API. */
export function httpAccessEntry(exchange: HttpExchange): AccessEntry {
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
