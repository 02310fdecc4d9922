import { describe, expect, it } from 'vitest';
import { type KinesisRecord, kinesisSource } from '../../../../../local/twin/functions/event-sources/kinesis-source.ts';

const sourceArn = 'arn:aws:kinesis:eu-west-1:111122223333:stream/events';
const roleArn = 'arn:aws:iam::111122223333:role/worker';
const source = kinesisSource({ sourceArn, roleArn });

function record(text: string): KinesisRecord {
  const data = Buffer.from(text).toString('base64');
  return { sequenceNumber: '1', partitionKey: 'ada', data, arrivalMs: 1_545_084_650_987 };
}

describe('Kinesis source', () => {
  it('puts records into events in the shape that Lambda documents', () => {
    expect(source.toEvent(record('record 1'), 'shardId-000000000002')).toEqual({
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: 'ada',
        sequenceNumber: '1',
        data: 'cmVjb3JkIDE=',
        approximateArrivalTimestamp: 1_545_084_650.987,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: 'shardId-000000000002:1',
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: roleArn,
      awsRegion: 'eu-west-1',
      eventSourceARN: sourceArn,
    });
  });

  it.each([
    ['{"city":"Delft"}', { city: 'Delft' }],
    ['plain', 'plain'],
    ['{broken', '{broken'],
  ])('shows filters data %s decoded', (text, data) => {
    expect(source.dataForFilter(record(text), 'shard')).toMatchObject({
      data,
      partitionKey: 'ada',
      eventSource: 'aws:kinesis',
    });
  });

  it('takes no less for a record’s size than its JSON has', () => {
    const event = JSON.stringify(source.toEvent(record('x'.repeat(1_000)), 'shardId-000000000002'));
    expect(source.bytesOf(record('x'.repeat(1_000)))).toBeGreaterThanOrEqual(event.length);
  });
});
