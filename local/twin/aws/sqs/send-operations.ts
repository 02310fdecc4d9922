import { createHash } from 'node:crypto';
import type { AwsCall, AwsService, Input } from '../aws-call.ts';
import { optionalText } from '../lenient-members.ts';
import { readBatch, runBatch } from './batch.ts';
import { md5, md5OfAttributes, readMessageAttributes, sizeOfAttributes } from './message-attributes.ts';
import { MESSAGE_MAX_BYTES } from './queue-attributes.ts';
import type { QueueEntry, QueueStore } from './queue-store.ts';
import { invalidParameter, invalidValue, missingParameter, sqsError, WRONG_QUEUE_TYPE } from './sqs-error.ts';
import { optionalNumber, requiredText } from './sqs-input.ts';

const DELAY = { min: 0, max: 900, reason: 'DelaySeconds must be >= 0 and <= 900.' };
/** Alphanumeric and punctuation, as deduplication ids and group ids may have. */
const FIFO_ID = /^[\x21-\x7e]{1,128}$/;
/** Characters that XML 1.0 does not have. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** SendMessage and SendMessageBatch. */
export function sendOperations(store: QueueStore): AwsService {
  return {
    SendMessage: (input, call) => {
      const entry = store.byUrl(requiredText(input, 'QueueUrl'));
      const sent = send(store, entry, input, call);
      entry.polls.notify();
      return sent;
    },
    SendMessageBatch: (input, call) => {
      const entries = readBatch(input, 'SendMessageBatchRequestEntry');
      const entry = store.byUrl(requiredText(input, 'QueueUrl'));
      const bytes = entries.reduce((sum, message) => sum + sizeOf(message), 0);
      if (bytes > MESSAGE_MAX_BYTES) {
        const message = `Batch requests cannot be longer than ${MESSAGE_MAX_BYTES} bytes. You have sent ${bytes} bytes.`;
        throw sqsError('BatchRequestTooLong', message);
      }
      const result = runBatch(entries, (message) => send(store, entry, message, call));
      entry.polls.notify();
      return result;
    },
  };
}

function sizeOf({ MessageBody, MessageAttributes }: Input): number {
  const attributes = MessageAttributes as Parameters<typeof sizeOfAttributes>[0];
  return Buffer.byteLength(String(MessageBody ?? '')) + sizeOfAttributes(attributes ?? undefined);
}

function send(store: QueueStore, { queue }: QueueEntry, input: Input, call: AwsCall): Record<string, unknown> {
  const body = requiredText(input, 'MessageBody');
  const attributes = readMessageAttributes(input.MessageAttributes);
  const { isFifo, messageMaxBytes, hasContentBasedDeduplication, deduplicatesPerGroup } = queue.settings;
  if (sizeOf(input) > messageMaxBytes) {
    throw invalidValue(
      `One or more parameters are invalid. Reason: Message must be shorter than ${messageMaxBytes} bytes.`,
    );
  }
  if (FORBIDDEN.test(body)) {
    throw sqsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  }
  const delaySeconds = optionalNumber(input, 'DelaySeconds', DELAY);
  const groupId = fifoId(input, 'MessageGroupId');
  const givenId = fifoId(input, 'MessageDeduplicationId');
  const trace = traceHeader(input);
  const md5OfBody = md5(body);
  const answer = {
    MD5OfMessageBody: md5OfBody,
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MD5OfMessageSystemAttributes:
      trace && md5OfAttributes({ AWSTraceHeader: { DataType: 'String', StringValue: trace } }),
  };
  const nowMs = store.nowMs();
  const content = {
    id: store.newMessageId(),
    body,
    md5OfBody,
    attributes,
    md5OfAttributes: answer.MD5OfMessageAttributes,
    traceHeader: trace,
    senderId: call.accessKeyId ?? store.accountId,
    sentMs: nowMs,
    groupId,
    deadLetterSourceArn: undefined,
  };
  if (!isFifo) {
    if (givenId !== undefined) throw invalidParameter(givenId, 'MessageDeduplicationId', WRONG_QUEUE_TYPE);
    const delayMs = delaySeconds === undefined ? undefined : delaySeconds * 1_000;
    const { id } = queue.send({ ...content, deduplicationId: undefined, sequenceNumber: undefined }, nowMs, delayMs);
    return { ...answer, MessageId: id };
  }
  // A delay of the message is refused even where it is zero seconds more than none.
  if (delaySeconds !== undefined && delaySeconds > 0)
    throw invalidParameter(delaySeconds, 'DelaySeconds', WRONG_QUEUE_TYPE);
  if (groupId === undefined) throw missingParameter('MessageGroupId');
  const deduplicationId = givenId ?? (hasContentBasedDeduplication ? sha256(body) : undefined);
  if (deduplicationId === undefined) {
    throw invalidValue(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  const key = deduplicatesPerGroup ? `${groupId} ${deduplicationId}` : deduplicationId;
  let accepted = queue.duplicateOf(key, nowMs);
  if (!accepted) {
    const message = queue.send({ ...content, deduplicationId, sequenceNumber: store.nextSequenceNumber() }, nowMs);
    queue.rememberDuplicates(key, message);
    accepted = message;
  }
  return { ...answer, MessageId: accepted.id, SequenceNumber: accepted.sequenceNumber };
}

function fifoId(input: Input, member: 'MessageGroupId' | 'MessageDeduplicationId'): string | undefined {
  const id = optionalText(input, member);
  if (id === undefined || FIFO_ID.test(id)) return id;
  const reason = `${member} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;
  throw invalidParameter(id, member, reason);
}

function traceHeader(input: Input): string | undefined {
  const attributes = readMessageAttributes(input.MessageSystemAttributes);
  for (const [name, { DataType, StringValue }] of Object.entries(attributes ?? {})) {
    if (name !== 'AWSTraceHeader') throw invalidValue(`Message system attribute name '${name}' is invalid.`);
    if (DataType !== 'String')
      throw invalidValue(`The message system attribute '${name}' must be of type String, got ${DataType}.`);
    return StringValue;
  }
  return undefined;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
