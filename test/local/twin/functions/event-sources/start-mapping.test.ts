import { describe, expect, it } from 'vitest';
import { startEventSources } from '../../../../../local/twin/functions/event-sources/event-sources.ts';
import { MemoryRecordStream } from '../../../../support/memory-record-stream.ts';
import { queueMapping } from '../../../../support/queue-mapping.ts';
import { resource } from '../../../../support/running-aws.ts';
import { done } from '../../../../support/stream-mapping.ts';

const subject = "event source mapping 'Mapping' of stack 'Stack': ";

describe('start of a mapping', () => {
  it('takes a visibility timeout that is just as long as the function’s', async () => {
    const { start } = await queueMapping({ VisibilityTimeout: 60 });
    await start({}, () => done, { functionTimeoutSeconds: 60 }).close();
  });

  it('fails where the visibility timeout is shorter than the function’s', async () => {
    const { start } = await queueMapping({ VisibilityTimeout: 59 });
    expect(() => start({}, () => done, { functionTimeoutSeconds: 60 })).toThrow(
      `${subject}Queue visibility timeout: 59 seconds is less than Function timeout: 60 seconds`,
    );
    const byDefault = await queueMapping();
    expect(() => byDefault.start({}, () => done, { functionTimeoutSeconds: 31 })).toThrow(
      `${subject}Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds`,
    );
  });

  it('fails where there is no such queue', async () => {
    const { start } = await queueMapping();
    expect(() => start({ EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:other' }, () => done)).toThrow(
      `${subject}there is no queue arn:aws:sqs:eu-west-1:111122223333:other; declare it in the templates`,
    );
  });

  it('fails where the role may not poll the queue', async () => {
    const { start } = await queueMapping();
    const asked: unknown[] = [];
    const authorizeRead = (principal: unknown, actions: readonly string[], arn: string) => {
      asked.push([principal, actions, arn]);
      return actions.includes('sqs:DeleteMessage') ? 'no statement allows it' : undefined;
    };
    expect(() => start({}, () => done, { authorizeRead })).toThrow(
      `${subject}The provided execution role does not have permissions to call DeleteMessage on SQS (no statement allows it)`,
    );
    const role = { kind: 'role', roleArn: 'arn:aws:iam::111122223333:role/worker', sessionName: 'worker' };
    expect(asked[0]).toEqual([role, ['sqs:ReceiveMessage'], 'arn:aws:sqs:eu-west-1:111122223333:work']);
  });

  it.each([
    [
      'kinesis:us-east-1:111122223333:stream/events',
      'GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams',
    ],
    [
      'dynamodb:us-east-1:111122223333:table/t/stream/1',
      'GetRecords, GetShardIterator, DescribeStream, and ListStreams',
    ],
  ])('fails where the role may not read the stream %s', (rest, actions) => {
    const EventSourceArn = `arn:aws:${rest}`;
    const properties = { EventSourceArn, FunctionName: 'worker', StartingPosition: 'LATEST' };
    const start = () =>
      startEventSources([resource('AWS::Lambda::EventSourceMapping', 'Mapping', properties)], {
        region: 'us-east-1',
        accountId: '111122223333',
        nowMs: () => 0,
        log: () => {},
        streamOf: () => new MemoryRecordStream(() => 0),
        callAws: async () => ({}),
        invoke: async () => done,
        authorizeRead: () => 'denied by the role',
      });
    expect(start).toThrow(
      `${subject}Cannot access stream ${EventSourceArn}. Please ensure the role can perform the ${actions} Actions on ` +
        'your stream in IAM. (denied by the role)',
    );
  });

  it.each([
    ['s3:ListBucket', 'the role of the function needs s3:ListBucket and s3:PutObject on the failure destination '],
    ['kinesis:SubscribeToShard', 'the role of the function needs kinesis:SubscribeToShard on the consumer '],
  ])('fails where the role lacks %s', (denied, sentence) => {
    const consumer = 'arn:aws:kinesis:us-east-1:111122223333:stream/events/consumer/fast:1';
    const properties = {
      ...{ EventSourceArn: consumer, FunctionName: 'worker', StartingPosition: 'LATEST' },
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::failures' } },
    };
    const start = () =>
      startEventSources([resource('AWS::Lambda::EventSourceMapping', 'Mapping', properties)], {
        ...{ region: 'us-east-1', accountId: '111122223333', nowMs: () => 0, log: () => {} },
        ...{ streamOf: () => new MemoryRecordStream(() => 0), callAws: async () => ({}), invoke: async () => done },
        authorizeRead: (_, actions) => (actions.includes(denied) ? 'denied by the role' : undefined),
      });
    expect(start).toThrow(`${subject}${sentence}`);
  });
});
