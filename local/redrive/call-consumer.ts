import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import type { BatchAnswer, CallConsumer } from './stream-batch.ts';

const Failures = v.nullish(
  v.object({ batchItemFailures: v.nullish(v.array(v.object({ itemIdentifier: v.nullish(v.string(), '') })), []) }),
);
const Fault = v.object({ errorType: v.optional(v.string()), errorMessage: v.optional(v.string()) });

/** Calls a consumer's function and waits for its answer. @param functionName name or ARN, with or without a qualifier */
export function createCallConsumer(client: LambdaClient, functionName: string): CallConsumer {
  return async (records) => {
    const { FunctionError, Payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify({ Records: records })) }),
    );
    const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null');
    return FunctionError === undefined ? readAnswer(answer) : { ok: false, error: describe(answer, FunctionError) };
  };
}

/** What is no list of failures Lambda takes for a failure of all. */
function readAnswer(answer: unknown): BatchAnswer {
  const read = v.safeParse(Failures, answer);
  if (!read.success) return { ok: false, error: 'its answer is no list of records that failed' };
  return { ok: true, failed: (read.output?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier ?? '') };
}

function describe(answer: unknown, kind: string): string {
  const fault = v.safeParse(Fault, answer);
  const { errorType = kind, errorMessage = '' } = fault.success ? fault.output : {};
  return errorMessage === '' ? errorType : `${errorType}: ${errorMessage}`;
}
