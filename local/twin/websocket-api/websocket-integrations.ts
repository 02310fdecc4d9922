import type { Invoke } from '../functions/invoke.ts';
import { withinDeadline } from '../gateway/integrations/within-deadline.ts';
import type { Properties } from '../gateway/template/properties.ts';
import { actingPrincipal } from '../http-api/execute-api-arn.ts';
import { type Refusal, refuse } from '../http-api/refusal.ts';
import { functionOf } from '../http-api/template/function-uri.ts';
import { readTimeout } from '../http-api/template/read-integrations.ts';
import { routeArn, webSocketEvent } from './websocket-event.ts';
import type { WebSocketExchange } from './websocket-exchange.ts';
import type { IntegrationAnswer, WebSocketIntegration } from './websocket-route.ts';

/** WebSocket APIs give an integration 29 seconds. */
const INTEGRATION_TIMEOUT_MS = 29_000;

/** AWS_PROXY to a Lambda function. */
export function webSocketLambda(properties: Properties, invoke: Invoke, nowMs: () => number): WebSocketIntegration {
  const target = functionOf(properties, 'IntegrationUri');
  const roleArn = properties.optionalText('CredentialsArn');
  const timeoutMs = readTimeout(properties, INTEGRATION_TIMEOUT_MS);
  return { type: 'AWS_PROXY', functionArn: target.text, call };

  async function call(exchange: WebSocketExchange): Promise<IntegrationAnswer | Refusal> {
    const arn = target.on(exchange.connection.stage.variables);
    const startedAtMs = nowMs();
    const principal = actingPrincipal(roleArn, routeArn(exchange));
    const outcome = await withinDeadline(invoke(arn, webSocketEvent(exchange), principal), timeoutMs);
    exchange.integrationLatencyMs = nowMs() - startedAtMs;
    if (outcome === undefined) return failure(`${arn} did not answer within ${timeoutMs} ms`, 504);
    if (!outcome.ok) {
      const status = outcome.kind === 'failed' || outcome.kind === 'timed-out' ? 502 : 500;
      return failure(`${arn} ${outcome.kind}: ${outcome.errorType}: ${outcome.errorMessage}`, status);
    }
    const answer = readAnswer(outcome.payload);
    return typeof answer === 'string' ? failure(`malformed response of ${arn}: ${answer}`, 502) : answer;
  }
}

/** MOCK: answers the status of the request template that TemplateSelectionExpression selects, 200 without one. */
export function webSocketMock(properties: Properties): WebSocketIntegration {
  const templates = properties.textMap('RequestTemplates');
  const selected = properties.optionalText('TemplateSelectionExpression')?.replace(/^\\/, '') ?? '$default';
  const template = templates.get(selected) ?? [...templates.values()][0];
  const status = Number(/"?statusCode"?\s*:\s*"?(\d{3})/.exec(template ?? '')?.[1] ?? 200);
  const answer: IntegrationAnswer = { kind: 'answer', status, body: undefined, subprotocol: undefined };
  return { type: 'MOCK', functionArn: undefined, call: async () => answer };
}

function failure(reason: string, status: number): Refusal {
  return refuse('INTEGRATION_FAILURE', reason, { status, message: 'Internal server error' });
}

/** Reads `{ statusCode, headers, body }`; answers what is wrong with it as a part of a sentence. */
function readAnswer(payload: unknown): IntegrationAnswer | string {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return 'it returned no object';
  const { statusCode, body, headers } = payload as Record<string, unknown>;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) {
    return `its statusCode must be a whole number from 100 to 599, got ${JSON.stringify(statusCode)}`;
  }
  if (body !== undefined && body !== null && typeof body !== 'string') {
    return `its body must be a string, got ${typeof body}; use JSON.stringify`;
  }
  const named = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'sec-websocket-protocol')?.[1];
  return {
    kind: 'answer',
    status,
    body: body ?? undefined,
    subprotocol: typeof named === 'string' ? named : undefined,
  };
}
