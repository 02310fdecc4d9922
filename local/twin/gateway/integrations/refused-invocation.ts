import type { InvokeOutcome } from '../../functions/invoke.ts';
import { type Refusal, refuse } from '../answer/refusal.ts';
import type { Exchange } from '../exchange.ts';

/**
 * The answer to an invocation that Lambda refused, whatever the integration; undefined where the function ran and failed.
 * Lambda developer guide, "Errors with an API Gateway API": it is a 500, and has no gateway response type of its own, so
 * DEFAULT_5XX shapes it.
 */
export function refusedInvocation(
  outcome: InvokeOutcome & { ok: false },
  functionArn: string,
  exchange: Exchange,
): Refusal | undefined {
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
    default:
      return undefined;
  }
}
