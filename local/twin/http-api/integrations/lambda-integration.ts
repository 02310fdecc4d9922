import type { Invoke, InvokeOutcome } from '../../functions/invoke.ts';
import { withinDeadline } from '../../gateway/integrations/within-deadline.ts';
import { lambdaEvent } from '../events/lambda-event.ts';
import { lambdaEventV1 } from '../events/lambda-event-v1.ts';
import { lambdaResponse, lambdaResponseV1 } from '../events/lambda-response.ts';
import { actingPrincipal, executeApiArn } from '../execute-api-arn.ts';
import type { HttpExchange } from '../http-exchange.ts';
import type { HttpReply } from '../http-reply.ts';
import type { HttpIntegration } from '../http-route.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { RequestMapping } from './request-mapping.ts';

export interface LambdaIntegrationOptions {
  readonly functionArnOf: (exchange: HttpExchange) => string;
  /** The function as far as it is known without a stage, for people. */
  readonly functionArn: string;
  readonly roleArn: string | undefined;
  readonly payloadFormat: '1.0' | '2.0';
  readonly timeoutMs: number;
  readonly mapRequest: RequestMapping;
  readonly invoke: Invoke;
  readonly nowMs: () => number;
}

/** AWS_PROXY to a Lambda function. */
export function lambdaIntegration(options: LambdaIntegrationOptions): HttpIntegration {
  const { functionArn, payloadFormat, timeoutMs, invoke, nowMs } = options;
  const eventOf = payloadFormat === '2.0' ? lambdaEvent : lambdaEventV1;
  const readResponse = payloadFormat === '2.0' ? lambdaResponse : lambdaResponseV1;
  return {
    type: 'AWS_PROXY',
    functionArn,
    async call(exchange) {
      const startedAtMs = nowMs();
      const principal = actingPrincipal(options.roleArn, sourceArn(exchange));
      const event = eventOf(options.mapRequest(exchange));
      const outcome = await withinDeadline(invoke(options.functionArnOf(exchange), event, principal), timeoutMs);
      exchange.integrationLatencyMs = nowMs() - startedAtMs;
      const answer = answerTo(outcome);
      if (answer.kind === 'refusal') exchange.integrationError = answer.reason;
      else exchange.integrationStatus = answer.status;
      return answer;
    },
  };

  /** Whatever goes wrong with the function is a 500; where Lambda cannot serve in time, a 503. */
  function answerTo(outcome: InvokeOutcome | undefined): HttpReply | Refusal {
    if (outcome === undefined) {
      return refuse('INTEGRATION_TIMEOUT', `${functionArn} did not answer within ${timeoutMs} ms`);
    }
    if (!outcome.ok) {
      const what = `${outcome.errorType}: ${outcome.errorMessage}`;
      if (outcome.kind === 'throttled')
        return refuse('INTEGRATION_TIMEOUT', `Lambda throttled ${functionArn}: ${what}`);
      const verb = outcome.kind === 'denied' ? 'may not be invoked' : outcome.kind.replace('-', ' ');
      return refuse('INTEGRATION_FAILURE', `${functionArn} ${verb}: ${what}`);
    }
    const reply = readResponse(outcome.payload);
    if (typeof reply !== 'string') return reply;
    return refuse('INTEGRATION_FAILURE', `malformed response of ${functionArn}: ${reply}`);
  }
}

/** The route as a function's resource policy names it: `<stage>/<METHOD>/<path of the route>`, or `<stage>/$default`. */
function sourceArn({ api, stage, route, request }: HttpExchange): string {
  const rest = route === undefined || route.key === '$default' ? '$default' : `${request.method}${route.path}`;
  return executeApiArn(api, `${stage.name}/${rest}`);
}
