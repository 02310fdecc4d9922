import type { CallAws } from '../aws/dispatcher.ts';
import type { Principal } from '../aws/principal.ts';
import type { FunctionTarget } from './function-catalog.ts';
import type { InvokeAsync, InvokeOutcome } from './invoke.ts';
import type { AsyncCondition } from './model/async-event.ts';

/** An event that Lambda is done with. */
export interface FinishedEvent {
  readonly target: FunctionTarget;
  readonly payload: unknown;
  readonly requestId: string;
  readonly condition: AsyncCondition;
  readonly invocations: number;
  /** Of the last attempt. */
  readonly outcome: InvokeOutcome;
  readonly atMs: number;
}

export interface ReportOptions {
  readonly callAws?: CallAws;
  readonly invokeAsync: InvokeAsync;
  readonly log: (message: string) => void;
}

/** `ErrorMessage` of a dead letter holds the first kilobyte. */
const DEAD_LETTER_MESSAGE_MAX = 1_024;

/**
 * Sends what became of an event to the function's destination and, where it was given up, to its dead-letter queue or
 * topic; both in the name of the function's role. Formats: developer guide, "Capturing records of Lambda asynchronous
 * invocations".
 */
export async function reportEvent(finished: FinishedEvent, options: ReportOptions): Promise<void> {
  const { target, condition, outcome } = finished;
  const { spec } = target.lambda;
  const { onSuccessArn, onFailureArn } = target.eventInvokeConfig;
  const isSuccess = condition === 'Success';
  const destination = isSuccess ? onSuccessArn : onFailureArn;
  const principal: Principal = { kind: 'role', roleArn: spec.roleArn, sessionName: spec.name };
  if (!isSuccess) {
    const why = outcome.ok ? '' : `: ${outcome.errorType}: ${outcome.errorMessage}`;
    options.log(`${spec.label}: gave up an event after ${finished.invocations} invocations (${condition}${why})`);
  }
  const sent = [
    destination !== undefined && sendRecord(destination, finished, principal, options),
    !isSuccess && spec.deadLetterArn !== undefined && sendDeadLetter(spec.deadLetterArn, finished, principal, options),
  ];
  const results = await Promise.allSettled(sent);
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    options.log(`${spec.label}: a record of the event could not be delivered: ${(result.reason as Error).message}`);
  }
}

async function sendRecord(
  arn: string,
  finished: FinishedEvent,
  principal: Principal,
  options: ReportOptions,
): Promise<void> {
  const record = invocationRecord(finished);
  const { callAws, invokeAsync } = options;
  const service = arn.split(':')[2];
  if (service === 'lambda') {
    const outcome = await invokeAsync(arn, record, principal);
    if (!outcome.ok) throw new Error(outcome.errorMessage);
    return;
  }
  if (!callAws) throw new Error(`nothing here can reach ${arn}`);
  const text = JSON.stringify(record);
  if (service === 'sqs') await callAws('sqs', 'SendMessage', { QueueUrl: queueUrl(arn), MessageBody: text }, principal);
  else if (service === 'sns') await callAws('sns', 'Publish', { TopicArn: arn, Message: text }, principal);
  else if (service === 'events') {
    const { functionArn } = record.requestContext;
    const end = finished.condition === 'Success' ? 'Success' : 'Failure';
    const entry = {
      Source: 'lambda',
      DetailType: `Lambda Function Invocation Result - ${end}`,
      Detail: text,
      EventBusName: arn,
      Resources: [arn, functionArn],
    };
    const { FailedEntryCount: failed, Entries: entries } = await callAws(
      'events',
      'PutEvents',
      { Entries: [entry] },
      principal,
    );
    if (Number(failed) > 0) throw new Error(`${arn} refused it: ${JSON.stringify(entries)}`);
  } else throw new Error(`the twin sends records to SQS, SNS, Lambda and EventBridge, not to ${arn}`);
}

/** A dead letter is the event itself, with the reason in three attributes. */
async function sendDeadLetter(
  arn: string,
  { payload, requestId, outcome }: FinishedEvent,
  principal: Principal,
  { callAws }: ReportOptions,
): Promise<void> {
  if (!callAws) throw new Error(`nothing here can reach ${arn}`);
  const message = outcome.ok ? '' : outcome.errorMessage;
  const isThrottled = !outcome.ok && outcome.kind === 'throttled';
  const attributes = {
    RequestID: { DataType: 'String', StringValue: requestId },
    ErrorCode: { DataType: 'Number', StringValue: isThrottled ? '429' : '200' },
    ...(message !== '' && {
      ErrorMessage: { DataType: 'String', StringValue: message.slice(0, DEAD_LETTER_MESSAGE_MAX) },
    }),
  };
  const text = JSON.stringify(payload) ?? 'null';
  if (arn.split(':')[2] === 'sns') {
    await callAws('sns', 'Publish', { TopicArn: arn, Message: text, MessageAttributes: attributes }, principal);
  } else {
    const input = { QueueUrl: queueUrl(arn), MessageBody: text, MessageAttributes: attributes };
    await callAws('sqs', 'SendMessage', input, principal);
  }
}

/** The invocation record, version 1.0. An event that never reached the function has no response. */
function invocationRecord(finished: FinishedEvent) {
  const { target, payload, requestId, condition, invocations, outcome, atMs } = finished;
  const { record } = outcome;
  const qualifier = target.invokedArn.split(':')[7];
  return {
    version: '1.0',
    timestamp: new Date(atMs).toISOString(),
    requestContext: {
      requestId,
      functionArn: qualifier === undefined ? `${target.invokedArn}:$LATEST` : target.invokedArn,
      condition,
      approximateInvokeCount: invocations,
    },
    requestPayload: payload ?? null,
    ...(record && {
      responseContext: {
        statusCode: 200,
        executedVersion: record.executedVersion,
        ...(!outcome.ok && { functionError: 'Unhandled' }),
      },
      responsePayload: outcome.ok ? outcome.payload : (JSON.parse(record.responseJson) as unknown),
    }),
  };
}

function queueUrl(arn: string): string {
  const [, , , region, accountId, name] = arn.split(':');
  return `https://sqs.${region}.amazonaws.com/${accountId}/${name}`;
}
