import type { Invoke, InvokeOutcome } from '../../functions/invoke.ts';
import { type Refusal, refuse } from '../answer/refusal.ts';
import type { Reply } from '../answer/reply.ts';
import type { Exchange } from '../exchange.ts';
import type { IsBinary } from '../request/media-types.ts';
import type { Integration } from './integration.ts';
import { lambdaProxyEvent } from './lambda-proxy-event.ts';
import { lambdaProxyResponse } from './lambda-proxy-response.ts';
import { withinDeadline } from './within-deadline.ts';

export interface LambdaProxyOptions {
  readonly functionArn: string;
  readonly timeoutMs: number;
  readonly isBinary: IsBinary;
  readonly invoke: Invoke;
  readonly nowMs: () => number;
}

/** AWS_PROXY to a Lambda function. */
export function lambdaProxy(options: LambdaProxyOptions): Integration {
  const { functionArn, timeoutMs, isBinary, invoke, nowMs } = options;
  return {
    type: 'AWS_PROXY',
    target: functionArn,
    async call(exchange) {
      const startedAtMs = nowMs();
      const outcome = await withinDeadline(invoke(functionArn, lambdaProxyEvent(exchange, isBinary)), timeoutMs);
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
    if (!outcome.ok) return failure(outcome, exchange);
    const accept = exchange.request.headers.byLowerName.get('accept');
    const reply = lambdaProxyResponse(outcome.payload, isBinary(accept?.split(',')[0]));
    if (typeof reply === 'string') return malformed(`malformed Lambda proxy response of ${functionArn}: ${reply}`);
    exchange.integrationStatus = reply.status;
    return reply;
  }

  /**
   * Lambda developer guide, "Errors with an API Gateway API": a function that failed is a 502, an invocation that Lambda
   * refused is a 500. Neither has a gateway response type of its own, so DEFAULT_5XX shapes it.
   */
  function failure(outcome: InvokeOutcome & { ok: false }, exchange: Exchange): Refusal {
    const what = `${outcome.errorType}: ${outcome.errorMessage}`;
    switch (outcome.kind) {
      case 'throttled':
        exchange.invocationStatus = 429;
        return refuse('DEFAULT_5XX', `Lambda throttled ${functionArn}: ${what}`);
      case 'unknown-function':
        exchange.invocationStatus = 404;
        return refuse('DEFAULT_5XX', `there is no function ${functionArn}: ${what}`);
      case 'denied':
        exchange.invocationStatus = 403;
        return refuse('DEFAULT_5XX', `${functionArn} may not be invoked: ${what}`);
      case 'timed-out':
        return malformed(`${functionArn} timed out: ${what}`);
      case 'failed':
        return malformed(`${functionArn} failed: ${what}`);
    }
  }
}

function malformed(reason: string): Refusal {
  return refuse('DEFAULT_5XX', reason, { status: 502 });
}
