import type { SQSRecord } from 'aws-lambda';
import type { MessageAttribute, SetAsideMessage } from '../../adapters/messaging/work-queue-client.ts';
import { SetAside } from '../../contract/set-aside.ts';
import { describeError } from './describe-error.ts';

/** What else a dead letter says of its message. */
export interface SetAsideFacts {
  readonly error: unknown;
  readonly traceparent: string | undefined;
  readonly nowMs: number;
  readonly isFifo: boolean;
}

/** The dead letter that a message becomes: its body as it was, and what there is to know about its end. */
export function setAsideMessage(
  record: SQSRecord,
  { error, traceparent, nowMs, isFifo }: SetAsideFacts,
): SetAsideMessage {
  const { body, messageId, attributes, messageAttributes } = record;
  const [, traceId] = traceparent?.split('-') ?? [];
  return {
    body,
    attributes: {
      [SetAside.error]: text(describeError(error)),
      [SetAside.attempts]: { dataType: 'Number', stringValue: attributes.ApproximateReceiveCount },
      ...(traceId && { [SetAside.traceId]: text(traceId) }),
      [SetAside.setAsideAt]: text(new Date(nowMs).toISOString()),
      [SetAside.sourceMessageId]: text(messageId),
    },
    ownAttributes: Object.fromEntries(
      Object.entries(messageAttributes).map(([name, { dataType, stringValue, binaryValue }]) => [
        name,
        { dataType, stringValue, binaryValue },
      ]),
    ),
    groupId: attributes.MessageGroupId,
    // Not the one that it was sent with: redriven and set aside again within five minutes, it would be taken for its own copy.
    deduplicationId: isFifo ? messageId : undefined,
  };
}

function text(stringValue: string): MessageAttribute {
  return { dataType: 'String', stringValue };
}
