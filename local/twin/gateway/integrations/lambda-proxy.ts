import type { Invoke, InvokeOutcome } from '../../functions/invoke.ts';
import { type Refusal, refuse } from '../answer/refusal.ts';
import type { Reply } from '../answer/reply.ts';
import type { Exchange } from '../exchange.ts';
import type { IsBinary } from '../request/media-types.ts';
import type { CallerOf } from './caller.ts';
import type { Integration } from './integration.ts';
import { lambdaProxyEvent } from './lambda-proxy-event.ts';
import { lambdaProxyResponse } from './lambda-proxy-response.ts';
import { refusedInvocation } from './refused-invocation.ts';
import { withinDeadline } from './within-deadline.ts';

export interface LambdaProxyOptions {
  readonly functionArn: string;
  readonly timeoutMs: number;
  readonly isBinary: IsBinary;
  readonly invoke: Invoke;
  readonly callerOf: CallerOf;
  readonly nowMs: () => number;
}

/** AWS_PROXY to a Lambda function. */
export function lambdaProxy(options: LambdaProxyOptions): Integration {
  const { functionArn, timeoutMs, isBinary, invoke, callerOf, nowMs } = options;
  return {
    type: 'AWS_PROXY',
    target: functionArn,
    async call(exchange) {
      const startedAtMs = nowMs();
      const event = lambdaProxyEvent(exchange, isBinary);
      const outcome = await withinDeadline(invoke(functionArn, event, callerOf(exchange)), timeoutMs);
      exchange.integrationLatencyMs = nowMs() - startedAtMs;
      const answer = answerTo(outcome, exchange);
      if (answer.kind === 'refusal') exchange.integrationError = answer.reason;
      return answer;
    },
  };

  function answerTo(outcome: InvokeOutcome | undefined, exchange: Exchange): Reply | Refusal {
    if (outcome === undefined) {
      return refuse('INTEGRATION_TIMEOUT', `${functionArn} did not answer within ${timeoutMs} ms`);
    }
    exchange.invocationStatus = 200;
    if (!outcome.ok) return refusedInvocation(outcome, functionArn, exchange) ?? failure(outcome);
    const accept = exchange.request.headers.byLowerName.get('accept');
    const reply = lambdaProxyResponse(outcome.payload, isBinary(accept?.split(',')[0]));
    if (typeof reply === 'string') return malformed(`malformed Lambda proxy response of ${functionArn}: ${reply}`);
    exchange.integrationStatus = reply.status;
    return reply;
  }

  /** A function that failed is a 502 without a gateway response type of its own: DEFAULT_5XX shapes it. */
  function failure({ kind, errorType, errorMessage }: InvokeOutcome & { ok: false }): Refusal {
    const how = kind === 'timed-out' ? 'timed out' : 'failed';
    return malformed(`${functionArn} ${how}: ${errorType}: ${errorMessage}`);
  }
}

function malformed(reason: string): Refusal {
  return refuse('DEFAULT_5XX', reason, { status: 502 });
}
