import { randomBytes } from 'node:crypto';
import type { AccessEntry } from '../gateway/access-entry.ts';
import { describeLimit } from '../gateway/admission.ts';
import { type Refusal, refuse } from '../http-api/refusal.ts';
import type { RouteThrottles } from '../http-api/route-throttles.ts';
import type { WebSocketApiOptions } from './websocket-api-options.ts';
import type { ConnectionFacts, WebSocketExchange } from './websocket-exchange.ts';
import type { IntegrationAnswer, WebSocketRoute } from './websocket-route.ts';

/** Serves one event of a connection: throttle, authorizer, integration; and reports it. Never rejects. */
export class WebSocketCalls {
  readonly #options: WebSocketApiOptions;
  readonly #throttles: RouteThrottles;

  constructor(options: WebSocketApiOptions, throttles: RouteThrottles) {
    this.#options = options;
    this.#throttles = throttles;
  }

  begin(
    connection: ConnectionFacts,
    route: WebSocketRoute | undefined,
    event: Pick<WebSocketExchange, 'eventType' | 'body' | 'disconnect'>,
  ): WebSocketExchange {
    return {
      connection,
      route,
      ...event,
      requestId: apiGatewayId(),
      startedAtMs: this.#options.nowMs(),
      ...(event.eventType === 'MESSAGE' && { messageId: apiGatewayId() }),
      status: 200,
    };
  }

  /** Answers what the integration said, or who refused. The end of a connection is not throttled. */
  async serve(exchange: WebSocketExchange): Promise<IntegrationAnswer | Refusal> {
    const answer = await this.#answer(exchange);
    if (answer.kind === 'refusal') exchange.refusal = answer;
    else exchange.integrationStatus = answer.status;
    exchange.status = answer.status;
    this.#options.onAccess?.(accessOf(exchange, this.#options.nowMs()));
    return answer;
  }

  async #answer(exchange: WebSocketExchange): Promise<IntegrationAnswer | Refusal> {
    const { route, connection, eventType } = exchange;
    if (route === undefined) {
      if (eventType !== 'MESSAGE') return NOTHING;
      return refuse('ACCESS_DENIED', 'no route takes the message, and there is no $default');
    }
    try {
      const unauthorized = await route.authorizer?.authorize(exchange);
      if (unauthorized !== undefined) return unauthorized;
      const throttled = eventType === 'DISCONNECT' ? undefined : this.#throttle(connection, route);
      return throttled ?? (await route.integration.call(exchange));
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return refuse('DEFAULT_5XX', `the twin failed: ${reason}`, { message: 'Internal server error' });
    }
  }

  #throttle({ stage }: ConnectionFacts, { key }: WebSocketRoute): Refusal | undefined {
    const denial = this.#throttles.take(stage.name, key, stage.throttleOf(key), this.#options.nowMs());
    if (denial === undefined) return undefined;
    const limit = describeLimit(denial.limit);
    return refuse('THROTTLED', `${denial.level} throttles ${key}: ${limit}`, {
      throttle: { level: denial.level, limit },
    });
  }
}

const NOTHING: IntegrationAnswer = { kind: 'answer', status: 200, body: undefined, subprotocol: undefined };

/** Eleven random bytes, as API Gateway makes up ids of connections, messages and requests: `L0SM9cOFvHcCIhw=`. */
export function apiGatewayId(): string {
  return `${randomBytes(11).toString('base64url')}=`;
}

function accessOf(exchange: WebSocketExchange, nowMs: number): AccessEntry {
  const { connection, refusal, startedAtMs } = exchange;
  const principalId = connection.authorizer?.principalId;
  return {
    requestId: exchange.requestId,
    startedAtMs,
    method: exchange.eventType,
    path: `/${connection.stage.name}`,
    route: exchange.route?.key,
    status: exchange.status,
    latencyMs: nowMs - startedAtMs,
    authorizerLatencyMs: exchange.authorizerLatencyMs,
    integrationLatencyMs: exchange.integrationLatencyMs,
    principalId: principalId === undefined ? undefined : String(principalId),
    plan: undefined,
    refusal: refusal && {
      responseType: refusal.type,
      reason: refusal.reason,
      ...(refusal.throttle && { throttle: refusal.throttle }),
    },
    line: connection.stage.accessLog?.(exchange),
  };
}
