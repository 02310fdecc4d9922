import type { Invoke, InvokeAsync, InvokeOutcome } from '../../functions/invoke.ts';
import { type Refusal, refuse } from '../answer/refusal.ts';
import type { Exchange } from '../exchange.ts';
import type { EndpointRequest, EndpointResponse } from '../mapping/endpoint.ts';
import type { MapRequest } from '../mapping/request-mapping.ts';
import type { MapResponse } from '../mapping/response-mapping.ts';
import type { CallerOf } from './caller.ts';
import type { Integration } from './integration.ts';
import { refusedInvocation } from './refused-invocation.ts';
import { withinDeadline } from './within-deadline.ts';

export interface LambdaCustomOptions {
  readonly functionArn: string;
  readonly timeoutMs: number;
  readonly invoke: Invoke;
  readonly invokeAsync: InvokeAsync | undefined;
  readonly callerOf: CallerOf;
  readonly mapRequest: MapRequest;
  readonly mapResponse: MapResponse;
  readonly nowMs: () => number;
}

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * AWS to a Lambda function: the mapped body is the event, what the function returns is the response's body, as JSON. A
 * function that fails answers `{"errorMessage", "errorType"}`, and selection patterns are held against the message;
 * where none matches, the default response goes out, as API Gateway does it. The stack of an error is left out.
 */
export function lambdaCustom(options: LambdaCustomOptions): Integration {
  const { functionArn, timeoutMs, invoke, invokeAsync, callerOf, mapRequest, mapResponse, nowMs } = options;
  return {
    type: 'AWS',
    target: functionArn,
    async call(exchange) {
      const request = mapRequest(exchange);
      if ('kind' in request) return request;
      const startedAtMs = nowMs();
      const response = await respond(request, exchange);
      exchange.integrationLatencyMs = nowMs() - startedAtMs;
      if ('kind' in response) {
        exchange.integrationError = response.reason;
        return response;
      }
      exchange.invocationStatus = response.status;
      exchange.integrationStatus = response.status;
      const answer = mapResponse(exchange, response);
      if (answer.kind === 'refusal') exchange.integrationError = answer.reason;
      return answer;
    },
  };

  async function respond(request: EndpointRequest, exchange: Exchange): Promise<EndpointResponse | Refusal> {
    const text = request.body.toString();
    const event = parseEvent(text);
    if (event === undefined) {
      const message = 'Could not parse request body into json';
      return fault(400, message, JSON.stringify({ Type: 'User', message }));
    }
    const caller = callerOf(exchange);
    if (request.headers.get('x-amz-invocation-type') === 'Event') {
      const taken = invokeAsync && (await invokeAsync(functionArn, event.value, caller));
      if (taken === undefined) void invoke(functionArn, event.value, caller);
      if (taken?.ok === false) return refusedInvocation(taken, functionArn, exchange) ?? failed(taken);
      return { status: 202, selectBy: '', headers: NONE, body: '' };
    }
    const outcome = await withinDeadline(invoke(functionArn, event.value, caller), timeoutMs);
    if (outcome === undefined) {
      return refuse('INTEGRATION_TIMEOUT', `${functionArn} did not answer within ${timeoutMs} ms`);
    }
    if (!outcome.ok) return refusedInvocation(outcome, functionArn, exchange) ?? failed(outcome);
    return { status: 200, selectBy: '', headers: NONE, body: JSON.stringify(outcome.payload ?? null) };
  }
}

function parseEvent(text: string): { readonly value: unknown } | undefined {
  if (text.trim() === '') return { value: {} };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** A function that threw still is an invocation that worked: Lambda answers 200 with `X-Amz-Function-Error`. */
function failed({ errorMessage, errorType }: InvokeOutcome & { ok: false }): EndpointResponse {
  return fault(200, errorMessage, JSON.stringify({ errorMessage, errorType }));
}

function fault(status: number, selectBy: string, body: string): EndpointResponse {
  return { status, selectBy, headers: NONE, body };
}
