import type { KinesisStreamEvent, KinesisStreamRecord, SQSEvent, SQSRecord } from 'aws-lambda';

/** What a test says about a message; the rest is filled in. */
export interface MessageOptions {
  readonly messageId?: string;
  /** Text is sent as it is, anything else as JSON. */
  readonly body: unknown;
  /** Deliveries, this one included. */
  readonly receives?: number;
  readonly groupId?: string;
  readonly messageAttributes?: SQSRecord['messageAttributes'];
}

let messages = 0;

export function sqsRecord(options: MessageOptions): SQSRecord {
  messages += 1;
  const { messageId = `message-${messages}`, body, receives = 1, groupId, messageAttributes = {} } = options;
  return {
    messageId,
    receiptHandle: `receipt of ${messageId}, ${receives}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(Date.UTC(2026, 10, 1)),
      SenderId: 'relay',
      ApproximateFirstReceiveTimestamp: String(Date.UTC(2026, 10, 1)),
      ...(groupId !== undefined && { MessageGroupId: groupId }),
    },
    messageAttributes,
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:work',
    awsRegion: 'eu-central-1',
  };
}

export const sqsEvent = (...Records: SQSRecord[]): SQSEvent => ({ Records });

/** A record as Kinesis delivers it. Text is sent as it is, anything else as JSON. */
export function kinesisRecord(
  sequenceNumber: number | string,
  data: unknown,
  partitionKey = 'ann',
): KinesisStreamRecord {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return {
    awsRegion: 'eu-central-1',
    eventID: `shardId-0:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    eventSource: 'aws:kinesis',
    eventSourceARN: 'arn:aws:kinesis:eu-central-1:123456789012:stream/events',
    eventVersion: '1.0',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/worker',
    kinesis: {
      approximateArrivalTimestamp: 0,
      data: Buffer.from(text).toString('base64'),
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber: String(sequenceNumber),
    },
  };
}

export const kinesisEvent = (...Records: KinesisStreamRecord[]): KinesisStreamEvent => ({ Records });

/** A `FeedUpdated` of an author. */
export function feedUpdated(id: string, authorId = 'ann') {
  return {
    specversion: '1.0' as const,
    id,
    source: '/spillway/feed',
    type: 'FeedUpdated' as const,
    time: '2026-11-01T00:00:00.000Z',
    subject: authorId,
    datacontenttype: 'application/json' as const,
    data: { postId: `post of ${id}`, authorId, createdAt: '2026-11-01T00:00:00.000Z' },
  };
}

/** What a worker names as not done. */
export async function failuresOf(
  answer: Promise<{ readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] }>,
): Promise<string[]> {
  return (await answer).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}
