import type { AwsService, Input } from '../aws-call.ts';
import { optionalText } from '../lenient-members.ts';
import { readBatch, runBatch } from './batch.ts';
import { md5OfAttributes, selectAttributes } from './message-attributes.ts';
import { VISIBILITY_MAX_SECONDS } from './queue-attributes.ts';
import type { QueueMessage } from './queue-message.ts';
import type { QueueEntry, QueueStore } from './queue-store.ts';
import { parseReceiptHandle, receiptHandle } from './receipt-handle.ts';
import { invalidParameter, invalidValue, missingParameter, sqsError, WRONG_QUEUE_TYPE } from './sqs-error.ts';
import { optionalNumber, requiredText, textList } from './sqs-input.ts';

const MAX_NUMBER = { min: 1, max: 10, reason: 'Must be between 1 and 10, if provided.' };
const WAIT = { min: 0, max: 20, reason: 'Must be >= 0 and <= 20, if provided.' };
const VISIBILITY = { min: 0, max: VISIBILITY_MAX_SECONDS, reason: 'Must be between 0 and 43200, if provided.' };

/** System attributes and where they come from; `undefined` leaves one out. */
const SYSTEM_ATTRIBUTES: Readonly<Record<string, (message: QueueMessage) => string | undefined>> = {
  AWSTraceHeader: ({ traceHeader }) => traceHeader,
  ApproximateFirstReceiveTimestamp: ({ firstReceivedMs }) => String(firstReceivedMs),
  ApproximateReceiveCount: ({ receiveCount }) => String(receiveCount),
  DeadLetterQueueSourceArn: ({ deadLetterSourceArn }) => deadLetterSourceArn,
  MessageDeduplicationId: ({ deduplicationId }) => deduplicationId,
  MessageGroupId: ({ groupId }) => groupId,
  SenderId: ({ senderId }) => senderId,
  SentTimestamp: ({ sentMs }) => String(sentMs),
  SequenceNumber: ({ sequenceNumber }) => sequenceNumber,
};
const ALL_SYSTEM_ATTRIBUTES = Object.keys(SYSTEM_ATTRIBUTES);

/** ReceiveMessage, and what is done to messages in flight. */
export function receiveOperations(store: QueueStore): AwsService {
  const deleteOne = (entry: QueueEntry, input: Input): undefined => {
    const { queue } = entry;
    const handle = requiredText(input, 'ReceiptHandle');
    const { messageId, receive } = parseReceiptHandle(handle, entry.name);
    const message = queue.find(messageId, store.nowMs());
    if (!message) return;
    const isLatest = message.receivesHere === receive;
    if (queue.settings.isFifo && !(isLatest && message.state === 'in-flight')) {
      throw invalidParameter(handle, 'ReceiptHandle', 'The receipt handle has expired.');
    }
    // "If you use an older receipt handle, the request succeeds, but the message will not be deleted."
    if (isLatest) queue.delete(message);
  };
  const changeOne = ({ queue, name }: QueueEntry, input: Input): undefined => {
    const handle = requiredText(input, 'ReceiptHandle');
    const seconds = optionalNumber(input, 'VisibilityTimeout', VISIBILITY);
    if (seconds === undefined) throw missingParameter('VisibilityTimeout');
    const { messageId, receive } = parseReceiptHandle(handle, name);
    const nowMs = store.nowMs();
    const message = queue.find(messageId, nowMs);
    if (message?.state !== 'in-flight' || message.receivesHere !== receive) {
      const reason = 'Message does not exist or is not available for visibility timeout change.';
      throw invalidParameter(handle, 'ReceiptHandle', reason);
    }
    const dueMs = nowMs + seconds * 1_000;
    if (dueMs > message.receivedMs + VISIBILITY_MAX_SECONDS * 1_000) {
      throw invalidValue(
        `Total VisibilityTimeout for the message is beyond the limit [${VISIBILITY_MAX_SECONDS} seconds]`,
      );
    }
    queue.changeVisibility(message, dueMs, nowMs);
  };
  const one = (run: (entry: QueueEntry, input: Input) => undefined) => (input: Input) => {
    const entry = store.byUrl(requiredText(input, 'QueueUrl'));
    run(entry, input);
    entry.polls.notify();
  };
  const batch = (run: (entry: QueueEntry, input: Input) => undefined, entryType: string) => (input: Input) => {
    const entries = readBatch(input, entryType);
    const entry = store.byUrl(requiredText(input, 'QueueUrl'));
    const result = runBatch(entries, (each) => run(entry, each));
    entry.polls.notify();
    return result;
  };
  return {
    ReceiveMessage: (input, { signal }) => receive(store, input, signal),
    DeleteMessage: one(deleteOne),
    DeleteMessageBatch: batch(deleteOne, 'DeleteMessageBatchRequestEntry'),
    ChangeMessageVisibility: one(changeOne),
    ChangeMessageVisibilityBatch: batch(changeOne, 'ChangeMessageVisibilityBatchRequestEntry'),
  };
}

function receive(store: QueueStore, input: Input, signal: AbortSignal): unknown {
  const entry = store.byUrl(requiredText(input, 'QueueUrl'));
  const { queue } = entry;
  const { visibilityMs, waitMs, isFifo } = queue.settings;
  const max = optionalNumber(input, 'MaxNumberOfMessages', MAX_NUMBER) ?? 1;
  const waitSeconds = optionalNumber(input, 'WaitTimeSeconds', WAIT);
  const visibilitySeconds = optionalNumber(input, 'VisibilityTimeout', VISIBILITY);
  const forMs = visibilitySeconds === undefined ? visibilityMs : visibilitySeconds * 1_000;
  const systemNames = systemAttributeNames(input);
  const names = textList(input, 'MessageAttributeNames');
  const attemptId = optionalText(input, 'ReceiveRequestAttemptId');
  if (attemptId !== undefined && !isFifo)
    throw invalidParameter(attemptId, 'ReceiveRequestAttemptId', WRONG_QUEUE_TYPE);
  const answer = (messages: readonly QueueMessage[]): object => {
    if (messages.length === 0) return {};
    if (attemptId !== undefined) entry.attempts.remember(attemptId, messages, store.nowMs());
    return { Messages: messages.map((message) => describe(message, entry.name, systemNames, names)) };
  };
  if (attemptId !== undefined) {
    const nowMs = store.nowMs();
    const replayed = entry.attempts.replay(attemptId, nowMs);
    if (replayed) {
      for (const message of replayed) queue.changeVisibility(message, nowMs + forMs, nowMs);
      return answer(replayed);
    }
  }
  const onDead = (message: QueueMessage): boolean => store.deadLetter(entry, message);
  const attempt = (): readonly QueueMessage[] => queue.receive(max, store.nowMs(), forMs, onDead);
  const messages = attempt();
  const maxWaitMs = waitSeconds === undefined ? waitMs : waitSeconds * 1_000;
  if (messages.length > 0) return answer(messages);
  if (maxWaitMs > 0) return entry.polls.wait(attempt, maxWaitMs, signal).then(answer);
  // Only a short poll of a standard queue says so: a long poll waits, and a FIFO queue answers nothing.
  if (queue.isFull && !isFifo) {
    throw sqsError(
      'OverLimit',
      'The maximum number of in flight messages is reached: 120000 messages were received and not deleted.',
    );
  }
  return {};
}

function systemAttributeNames(input: Input): readonly string[] {
  const names = [...textList(input, 'MessageSystemAttributeNames'), ...textList(input, 'AttributeNames')];
  if (names.includes('All')) return ALL_SYSTEM_ATTRIBUTES;
  const unknown = names.find((name) => !Object.hasOwn(SYSTEM_ATTRIBUTES, name));
  if (unknown !== undefined) throw sqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  return names;
}

function describe(
  message: QueueMessage,
  queueName: string,
  systemNames: readonly string[],
  names: readonly string[],
): Record<string, unknown> {
  const Attributes: Record<string, string> = {};
  for (const name of systemNames) {
    const value = SYSTEM_ATTRIBUTES[name]?.(message);
    if (value !== undefined) Attributes[name] = value;
  }
  const selected = selectAttributes(message.attributes, names);
  const isWhole = selected === message.attributes;
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle({ queueName, messageId: message.id, receive: message.receivesHere }),
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    ...(systemNames.length > 0 && { Attributes }),
    ...(selected && {
      MD5OfMessageAttributes: isWhole ? message.md5OfAttributes : md5OfAttributes(selected),
      MessageAttributes: selected,
    }),
  };
}
