import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../../../local/twin/aws/principal.ts';
import { failureDestination } from '../../../../../local/twin/functions/event-sources/failure-destination.ts';

const principal: Principal = { kind: 'role', roleArn: 'arn:aws:iam::111122223333:role/worker', sessionName: 'worker' };
const message = { version: '1.0', KinesisBatchInfo: { batchSize: 1 } };
const event = { Records: [{ kinesis: { data: 'YQ==' } }] };
const failure = { message, event, shardId: 'shard-0', nowMs: Date.UTC(2026, 0, 2) };

async function sent(arn: string) {
  const calls: unknown[][] = [];
  const callAws = async (...call: unknown[]) => {
    calls.push(call);
    return {};
  };
  await failureDestination(arn, { callAws, principal, mappingId: 'm-1' })(failure);
  return calls;
}

describe('failureDestination', () => {
  it('tells a queue and a topic which records they were, as the function’s role', async () => {
    expect(await sent('arn:aws:sqs:eu-west-1:111122223333:dead')).toEqual([
      ['sqs', 'SendMessage', expect.objectContaining({ MessageBody: JSON.stringify(message) }), principal],
    ]);
    const TopicArn = 'arn:aws:sns:eu-west-1:111122223333:dead';
    expect(await sent(TopicArn)).toEqual([
      ['sns', 'Publish', { TopicArn, Message: JSON.stringify(message) }, principal],
    ]);
  });

  it('gives a bucket the event as well, as JSON within the record', async () => {
    const [call = []] = await sent('arn:aws:s3:::failures');
    const [service, operation, input, as] = call as [string, string, Record<string, string>, Principal];
    expect([service, operation, as]).toEqual(['s3', 'PutObject', principal]);
    expect(input).toMatchObject({
      Bucket: 'failures',
      Key: expect.stringMatching(/^aws\/lambda\/m-1\/shard-0\/2026\/01\/02\//),
    });
    const { payload, ...rest } = JSON.parse(input.Body ?? '');
    expect(rest).toEqual(message);
    expect(JSON.parse(payload)).toEqual(event);
  });

  it('fails where the destination does not take it', async () => {
    const callAws = async () => {
      throw new Error('no such bucket');
    };
    const send = failureDestination('arn:aws:s3:::failures', { callAws, principal, mappingId: 'm-1' });
    await expect(send(failure)).rejects.toThrow('no such bucket');
  });
});
