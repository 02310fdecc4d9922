import type { KinesisStreamRecord } from 'aws-lambda';
import type { DomainEvent } from '../lambdas/contract/events/domain-event.ts';

export const AUTHORS = 50;
export const START_MS = Date.UTC(2026, 10, 1);

/** The event as Kinesis delivers it. */
export function record(at: number, event: DomainEvent): KinesisStreamRecord {
  return {
    awsRegion: 'eu-west-1',
    eventID: `shardId-0:${at}`,
    eventName: 'aws:kinesis:record',
    eventSource: 'aws:kinesis',
    eventSourceARN: 'arn:aws:kinesis:eu-west-1:000000000000:stream/events',
    eventVersion: '1.0',
    invokeIdentityArn: 'arn:aws:iam::000000000000:role/worker',
    kinesis: {
      approximateArrivalTimestamp: 0,
      data: Buffer.from(JSON.stringify(event)).toString('base64'),
      kinesisSchemaVersion: '1.0',
      partitionKey: event.subject,
      sequenceNumber: String(at),
    },
  };
}

/** Posts of everybody in turn. */
export function feedUpdated(at: number): DomainEvent {
  const authorId = `author ${at % AUTHORS}`;
  const shared = envelope(at, authorId);
  return { ...shared, type: 'FeedUpdated', data: { postId: `post-${at}`, authorId, createdAt: shared.time } };
}

/** Views of a few hundred posts, some of them far more than others. */
export function postViewed(at: number): DomainEvent {
  const postId = `post-${Math.floor(300 * ((at * 0.618) % 1) ** 3)}`;
  return { ...envelope(at, postId), type: 'PostViewed', data: { postId, viewerId: `viewer-${at}` } };
}

function envelope(at: number, subject: string) {
  return {
    specversion: '1.0' as const,
    id: `event-${at}`,
    source: '/spillway/bench',
    time: new Date(START_MS + at * 50).toISOString(),
    subject,
    datacontenttype: 'application/json' as const,
  };
}
