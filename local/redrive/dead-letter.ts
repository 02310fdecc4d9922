import { createHash } from 'node:crypto';
import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import { SetAside } from '../../lambdas/contract/set-aside.ts';

/** What a redrive adds to a message; a worker that sets it aside again keeps both. */
export const Redriven = {
  /** Names the run. */
  run: 'redriveRun',
  /** ISO 8601. */
  at: 'redrivenAt',
} as const;

/** A message of a dead-letter queue, in hand until `hiddenUntilMs`. */
export interface DeadLetter {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** All that it carries, what its worker said of it included. */
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  /** Of a queue with order, or with turns. */
  readonly groupId: string | undefined;
  /** Names the effect: the same for each copy of one piece of work. */
  readonly workId: string;
  /** When it was set aside, or sent where nobody says, in ms since the epoch. */
  readonly setAsideAtMs: number;
  /** `undefined`: SQS moved it itself, because its worker died each time. */
  readonly error: string | undefined;
  readonly attempts: string | undefined;
  readonly traceId: string | undefined;
  /** The redrive that sent it last. */
  readonly redriveRun: string | undefined;
  /** In ms since the epoch; thereafter somebody else may have it. */
  readonly hiddenUntilMs: number;
}

/** Reads a received message. */
export function readDeadLetter(message: Message, hiddenUntilMs: number): DeadLetter {
  const { MessageId = '', ReceiptHandle = '', Body = '', MessageAttributes = {}, Attributes = {} } = message;
  const text = (name: string) => MessageAttributes[name]?.StringValue;
  const setAsideAtMs = Date.parse(text(SetAside.setAsideAt) ?? '');
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: MessageAttributes,
    groupId: Attributes.MessageGroupId,
    workId: workIdOf(Body),
    setAsideAtMs: Number.isNaN(setAsideAtMs) ? Number(Attributes.SentTimestamp ?? 0) : setAsideAtMs,
    error: text(SetAside.error),
    attempts: text(SetAside.attempts),
    traceId: text(SetAside.traceId),
    redriveRun: text(Redriven.run),
    hiddenUntilMs,
  };
}

/** The id of the `WorkItem`; of anything else a digest, which copies share as well. */
function workIdOf(body: string): string {
  try {
    const { id } = JSON.parse(body) as { id?: unknown };
    if (typeof id === 'string' && id !== '') return id;
  } catch {
    // No JSON, so no work item.
  }
  return createHash('sha256').update(body).digest('hex');
}
