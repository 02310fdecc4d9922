import type { PutRecordsCommandInput, PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import {
  createKinesisClient,
  createKinesisEventPublisher,
} from '../../../../lambdas/adapters/messaging/kinesis-event-publisher.ts';
import { interceptClient } from '../../../support/intercept-client.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { virtualWait } from '../../../support/virtual-wait.ts';

const { signal } = new AbortController();
const taken = { SequenceNumber: '1', ShardId: 'shard-0' };

function setUp(answer: (input: PutRecordsCommandInput, call: number) => (PutRecordsResultEntry | undefined)[]) {
  const clock = new ManualClock();
  const client = createKinesisClient();
  let calls = 0;
  const inputs = interceptClient<PutRecordsCommandInput>(client, (input) => {
    calls += 1;
    return { Records: answer(input, calls) };
  });
  const timing = { clock, wait: virtualWait(clock).wait, random: () => 0.5 };
  return { publisher: createKinesisEventPublisher(client, 'events', timing), inputs };
}

const takeAll = ({ Records = [] }: PutRecordsCommandInput) => Records.map(() => taken);
const bodiesOf = (inputs: readonly PutRecordsCommandInput[]) =>
  inputs.map(({ Records = [] }) => Records.map(({ Data }) => Buffer.from(Data ?? []).toString()));
const event = (aggregate: string, body: string) => ({ aggregate, body });

describe('createKinesisEventPublisher', () => {
  it('puts each body as it is under its aggregate, one of each aggregate in a call', async () => {
    const { publisher, inputs } = setUp(takeAll);
    const refused = await publisher.publish([event('ann', 'a1'), event('bob', 'b1'), event('ann', 'a2')], signal);
    expect(refused.size).toBe(0);
    expect(bodiesOf(inputs)).toEqual([['a1', 'b1'], ['a2']]);
    expect(inputs[0]).toMatchObject({
      StreamName: 'events',
      Records: [{ PartitionKey: 'ann' }, { PartitionKey: 'bob' }],
    });
  });

  it('keeps to 500 records and 5 MiB in a call', async () => {
    const many = setUp(takeAll);
    await many.publisher.publish(
      Array.from({ length: 501 }, (_, index) => event(`key ${index}`, 'x')),
      signal,
    );
    expect(many.inputs.map(({ Records }) => Records?.length)).toEqual([500, 1]);
    const large = setUp(takeAll);
    const body = 'x'.repeat(1_048_576 - 1);
    await large.publisher.publish(
      [...'abcdef'].map((key) => event(key, body)),
      signal,
    );
    expect(large.inputs.map(({ Records }) => Records?.length)).toEqual([5, 1]);
  });

  it('sends again what was refused, and nothing of its aggregate before it was taken', async () => {
    const { publisher, inputs } = setUp((input, call) =>
      call === 1
        ? [{ ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'slow down' }, taken]
        : takeAll(input),
    );
    const refused = await publisher.publish([event('ann', 'a1'), event('bob', 'b1'), event('ann', 'a2')], signal);
    expect(refused.size).toBe(0);
    expect(bodiesOf(inputs)).toEqual([['a1', 'b1'], ['a1'], ['a2']]);
  });

  it.each([
    ['says nothing of a record', [taken]],
    ['has no sequence number for it', [taken, {}]],
    ['has both a sequence number and an error for it', [taken, { ...taken, ErrorCode: 'InternalFailure' }]],
  ])('takes a record for refused where the answer %s', async (_case, records) => {
    const { publisher } = setUp((_input, call) => (call === 1 ? records : []));
    const refused = await publisher.publish([event('ann', 'a1'), event('bob', 'b1')], signal);
    expect([...refused.keys()]).toEqual([1]);
  });

  it('answers the reason once the attempts are used up', async () => {
    const { publisher } = setUp(() => [{ ErrorCode: 'InternalFailure', ErrorMessage: 'no luck' }]);
    expect(await publisher.publish([event('ann', 'a1')], signal)).toEqual(new Map([[0, 'InternalFailure: no luck']]));
  });
});
