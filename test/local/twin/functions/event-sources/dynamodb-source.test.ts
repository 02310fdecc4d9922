import { describe, expect, it } from 'vitest';
import type { RecordStream } from '../../../../../local/twin/aws/record-stream.ts';
import {
  dynamoDbSource,
  type TableChangeRecord,
} from '../../../../../local/twin/functions/event-sources/dynamodb-source.ts';
import { startEventSources } from '../../../../../local/twin/functions/event-sources/event-sources.ts';
import { resource } from '../../../../support/running-aws.ts';

const sourceArn = 'arn:aws:dynamodb:eu-west-1:111122223333:table/posts/stream/2026-11-01T00:00:00.000';
const source = dynamoDbSource({ sourceArn, roleArn: undefined });
const dynamodb = {
  ApproximateCreationDateTime: 1_793_491_200,
  Keys: { id: { S: 'a' } },
  OldImage: { id: { S: 'a' }, votes: { N: '7' } },
  SequenceNumber: '100000000000000000001',
  SizeBytes: 12,
  StreamViewType: 'NEW_AND_OLD_IMAGES',
};
const record: TableChangeRecord = {
  sequenceNumber: '100000000000000000001',
  partitionKey: '{"id":{"S":"a"}}',
  arrivalMs: 1_793_491_200_000,
  event: { eventID: 'e1', eventName: 'REMOVE', dynamodb },
};

describe('DynamoDB source', () => {
  it('puts records into events in the shape that Lambda documents', () => {
    expect(source.toEvent(record, 'shard')).toEqual({
      eventID: 'e1',
      eventName: 'REMOVE',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-west-1',
      dynamodb,
      eventSourceARN: sourceArn,
    });
  });

  it('says who deleted an item that expired', () => {
    const userIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };
    expect(
      source.toEvent({ ...record, event: { ...record.event, userIdentity } } as TableChangeRecord, 's'),
    ).toMatchObject({
      userIdentity,
    });
  });

  it('shows filters the whole record', () => {
    expect(source.dataForFilter(record, 'shard')).toEqual(source.toEvent(record, 'shard'));
    expect(source.bytesOf(record)).toBe(JSON.stringify(source.toEvent(record, 'shard')).length);
  });

  it('delivers what filters over names and images let pass', async () => {
    const change = (sequenceNumber: string, eventName: 'INSERT' | 'MODIFY', city: string): TableChangeRecord => ({
      ...record,
      sequenceNumber,
      event: { eventID: sequenceNumber, eventName, dynamodb: { NewImage: { city: { S: city } } } },
    });
    const records = [change('1', 'INSERT', 'Delft'), change('2', 'MODIFY', 'Delft'), change('3', 'INSERT', 'Gouda')];
    const stream: RecordStream<TableChangeRecord> = {
      arn: sourceArn,
      shards: () => [{ id: 'shard', parentIds: [], isClosed: false }],
      read: (_, after = '') => records.filter(({ sequenceNumber }) => sequenceNumber > after),
      latest: () => '3',
      onChange: () => () => {},
    };
    const pattern = { eventName: ['INSERT'], dynamodb: { NewImage: { city: { S: [{ prefix: 'De' }] } } } };
    const events: unknown[] = [];
    const mapping = resource('AWS::Lambda::EventSourceMapping', 'Mapping', {
      EventSourceArn: sourceArn,
      FunctionName: 'worker',
      StartingPosition: 'TRIM_HORIZON',
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify(pattern) }] },
    });
    const sources = startEventSources([mapping], {
      region: 'eu-west-1',
      accountId: '111122223333',
      nowMs: () => 0,
      log: () => {},
      streamOf: () => stream,
      callAws: async () => ({}),
      invoke: async (_, event) => {
        events.push(event);
        return { ok: true, payload: null };
      },
    });
    await expect.poll(() => events).toEqual([{ Records: [source.toEvent(records[0] ?? record, 'shard')] }]);
    await sources.close();
  });
});
