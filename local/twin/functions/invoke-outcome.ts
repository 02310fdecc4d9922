import type { Invocation } from './function-pool.ts';
import type { InvocationRecord, InvokeOutcome } from './invoke.ts';
import type { FunctionOutcome } from './lambda-function.ts';

/** What a record tells besides the end of the invocation. */
export interface Recorded {
  readonly invocation: Pick<Invocation, 'requestId'>;
  readonly version: string;
  readonly logTail: string;
}

/** How an invocation ended, as its caller sees it. */
export function invokeOutcome(outcome: FunctionOutcome, recorded?: Recorded): InvokeOutcome {
  if (outcome.ok) {
    const payload = JSON.parse(outcome.resultJson) as unknown;
    return recorded ? { ok: true, payload, record: record(outcome.resultJson, recorded) } : { ok: true, payload };
  }
  if (outcome.kind === 'throttled') {
    return {
      ok: false,
      kind: 'throttled',
      errorType: 'TooManyRequestsException',
      errorMessage: 'Rate Exceeded.',
      reason: outcome.reason,
    };
  }
  if (!recorded) return outcome;
  const { errorType, errorMessage, trace } = outcome;
  // Lambda itself reports time-outs and exits, without a trace.
  const response = trace.length > 0 ? { errorType, errorMessage, trace } : { errorType, errorMessage };
  return { ...outcome, record: record(JSON.stringify(response), recorded) };
}

/** There is no function of that name, or none with that version or alias. */
export function unknownFunction(
  arnOrName: string,
  { region, accountId }: { readonly region: string; readonly accountId: string },
): InvokeOutcome & { readonly ok: false } {
  const arn = arnOrName.startsWith('arn:')
    ? arnOrName
    : `arn:aws:lambda:${region}:${accountId}:function:${arnOrName.replace(/^\d+:function:/, '')}`;
  return {
    ok: false,
    kind: 'unknown-function',
    errorType: 'ResourceNotFoundException',
    errorMessage: `Function not found: ${arn}`,
  };
}

function record(responseJson: string, { invocation, version, logTail }: Recorded): InvocationRecord {
  return { requestId: invocation.requestId, executedVersion: version, responseJson, logTail };
}
