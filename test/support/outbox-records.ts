import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import type { WorkName } from '../../lambdas/contract/work.ts';

/** Records of the outbox's stream, as Lambda delivers them. */

export function insertRecord(
  sequenceNumber: number,
  aggregate: string,
  image: Record<string, AttributeValue>,
): DynamoDBRecord {
  const keys = { aggregate: { S: aggregate }, entryId: { S: `entry ${sequenceNumber}` } };
  return {
    eventID: String(sequenceNumber),
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    dynamodb: {
      SequenceNumber: String(sequenceNumber),
      StreamViewType: 'NEW_IMAGE',
      Keys: keys,
      NewImage: { ...keys, expiresAt: { N: '1' }, ...image },
    },
  };
}

export function eventRecord(sequenceNumber: number, aggregate: string, body: string): DynamoDBRecord {
  return insertRecord(sequenceNumber, aggregate, { kind: { S: 'event' }, body: { S: body } });
}

export function workRecord(sequenceNumber: number, queue: WorkName, id: string, group?: string): DynamoDBRecord {
  const body = JSON.stringify({ id, acceptedAtMs: 1, ...(group !== undefined && { group }), data: { id } });
  return insertRecord(sequenceNumber, id, { kind: { S: 'work' }, queue: { S: queue }, body: { S: body } });
}
