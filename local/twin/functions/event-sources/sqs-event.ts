import { jsonOrText } from './filter-criteria.ts';
import { PAYLOAD_MAX_BYTES } from './take-batch.ts';

/** A message as ReceiveMessage returns it, with all of its attributes. */
export interface QueueMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly MD5OfMessageAttributes?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, QueueMessageAttribute>>;
}

export interface QueueMessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

/** The message as it stands in the event's `Records`. */
export function sqsRecord(message: QueueMessage, queueArn: string) {
  const { MessageAttributes = {}, MD5OfMessageAttributes: md5OfMessageAttributes } = message;
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue, BinaryValue, DataType }]) => [
        name,
        {
          ...(StringValue !== undefined && { stringValue: StringValue }),
          ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
          stringListValues: [],
          binaryListValues: [],
          dataType: DataType,
        },
      ]),
    ),
    ...(md5OfMessageAttributes !== undefined && { md5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  };
}

/** What filter patterns look at: the body is parsed where it is JSON. */
export function sqsFilterDocument(message: QueueMessage, queueArn: string): unknown {
  return { ...sqsRecord(message, queueArn), body: jsonOrText(message.Body) };
}

/** Cuts messages into runs whose event fits into one invocation; a message that is too large on its own goes alone. */
export function payloadRuns(messages: readonly QueueMessage[], queueArn: string): (readonly QueueMessage[])[] {
  const roughBytes = messages.reduce((sum, { Body }) => sum + Body.length, 0);
  // Far below the limit, however much the body grows as JSON within JSON (a control character takes six).
  if (roughBytes * 6 + messages.length * ENVELOPE_MAX_BYTES < PAYLOAD_MAX_BYTES) return [messages];
  const runs: QueueMessage[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    const own = Buffer.byteLength(JSON.stringify(sqsRecord(message, queueArn)));
    bytes += own;
    if (bytes > PAYLOAD_MAX_BYTES) {
      runs.push([]);
      bytes = own;
    }
    runs.at(-1)?.push(message);
  }
  return runs;
}

/** More than the ten attributes of a message and its ids take in common use; only the short cut above relies on it. */
const ENVELOPE_MAX_BYTES = 8_192;
