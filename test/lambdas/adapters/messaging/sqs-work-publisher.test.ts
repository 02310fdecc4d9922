import type { BatchResultErrorEntry, SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import {
  createPublishingSqsClient,
  createSqsWorkPublisher,
} from '../../../../lambdas/adapters/messaging/sqs-work-publisher.ts';
import type { WorkOrderKind } from '../../../../lambdas/contract/work-queue-spec.ts';
import { interceptClient } from '../../../support/intercept-client.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { virtualWait } from '../../../support/virtual-wait.ts';

const { signal } = new AbortController();
type Answer = {
  readonly Successful?: readonly { readonly Id: string }[];
  readonly Failed?: readonly BatchResultErrorEntry[];
};

function setUp(order: WorkOrderKind, answer?: (input: SendMessageBatchCommandInput, call: number) => Answer) {
  const clock = new ManualClock();
  const client = createPublishingSqsClient();
  let calls = 0;
  const inputs = interceptClient<SendMessageBatchCommandInput>(client, (input) => {
    calls += 1;
    return answer?.(input, calls) ?? takeAll(input);
  });
  const timing = { clock, wait: virtualWait(clock).wait, random: () => 0.5 };
  return { publisher: createSqsWorkPublisher(client, { url: 'https://sqs/work', order }, timing), inputs };
}

function takeAll({ Entries = [] }: SendMessageBatchCommandInput): Answer {
  return { Successful: Entries.map(({ Id = '' }) => ({ Id })) };
}

const work = (id: string, group?: string) => ({ item: { id, group }, body: `body of ${id}` });
const bodiesOf = (inputs: readonly SendMessageBatchCommandInput[]) =>
  inputs.map(({ Entries = [] }) => Entries.map(({ MessageBody }) => MessageBody));
const idsOf = ([input]: readonly SendMessageBatchCommandInput[]) =>
  input?.Entries?.map(({ MessageGroupId, MessageDeduplicationId }) => [MessageGroupId, MessageDeduplicationId]);

describe('createSqsWorkPublisher', () => {
  it('sends each body as it is, ten in a call and at most 1 MiB', async () => {
    const many = setUp('none');
    const refused = await many.publisher.publish(
      Array.from({ length: 11 }, (_, index) => work(`${index}`)),
      signal,
    );
    expect(refused.size).toBe(0);
    expect(many.inputs.map(({ Entries }) => Entries?.length)).toEqual([10, 1]);
    expect(many.inputs[1]).toMatchObject({ QueueUrl: 'https://sqs/work', Entries: [{ MessageBody: 'body of 10' }] });
    const large = setUp('none');
    const body = 'x'.repeat(256 * 1_024);
    await large.publisher.publish(
      [...'abcde'].map((id) => ({ item: { id }, body })),
      signal,
    );
    expect(large.inputs.map(({ Entries }) => Entries?.length)).toEqual([4, 1]);
  });

  it('writes as escapes what JSON takes and SQS does not', async () => {
    const { publisher, inputs } = setUp('none');
    const title = 'before \ufffe between \uffff after';
    await publisher.publish([{ item: { id: 'a' }, body: JSON.stringify({ title }) }], signal);
    const [[sent = ''] = []] = bodiesOf(inputs);
    expect(sent).not.toMatch(/[\ufffe\uffff]/);
    expect(JSON.parse(sent)).toEqual({ title });
  });

  it.each([
    ['none', [undefined, undefined], [undefined, undefined]],
    ['fair', ['acme', undefined], [undefined, undefined]],
    ['fifo', ['acme', 'job-1'], ['job-2', 'job-2']],
  ] as const)('names group and id as a queue of order %s wants them', async (order, withGroup, without) => {
    const { publisher, inputs } = setUp(order);
    await publisher.publish([work('job-1', 'acme'), work('job-2')], signal);
    expect(idsOf(inputs)).toEqual([withGroup, without]);
  });

  it.each(['käse', 'a b', 'x'.repeat(129), ''])(
    'names the digest of the group %j, which SQS would refuse',
    async (group) => {
      const { publisher, inputs } = setUp('fifo');
      await publisher.publish([work('job-1', group), work('job-2', group)], signal);
      const [[first] = []] = idsOf(inputs) ?? [];
      expect(first).toMatch(/^[0-9a-f]{64}$/);
      expect(idsOf(inputs.slice(1))).toEqual([[first, 'job-2']]);
    },
  );

  it('has one message of a group in flight in a queue with order, and as many as there are in a fair one', async () => {
    const jobs = [work('1', 'acme'), work('2', 'acme'), work('3', 'zoo')];
    const fifo = setUp('fifo');
    await fifo.publisher.publish(jobs, signal);
    expect(bodiesOf(fifo.inputs)).toEqual([['body of 1', 'body of 3'], ['body of 2']]);
    const fair = setUp('fair');
    await fair.publisher.publish(jobs, signal);
    expect(bodiesOf(fair.inputs)).toEqual([['body of 1', 'body of 2', 'body of 3']]);
  });

  it('sends again what failed, and answers the reason once the attempts are used up', async () => {
    const { publisher, inputs } = setUp('none', ({ Entries = [] }) => ({
      Successful: Entries.filter(({ Id }) => Id !== '1').map(({ Id = '' }) => ({ Id })),
      Failed: [{ Id: '1', Code: 'InternalError', Message: 'no luck', SenderFault: false }],
    }));
    expect(await publisher.publish([work('a'), work('b')], signal)).toEqual(new Map([[1, 'InternalError: no luck']]));
    expect(bodiesOf(inputs)).toEqual([['body of a', 'body of b'], ...Array(4).fill(['body of b'])]);
  });

  it('takes a message for refused that the answer does not name, or names twice', async () => {
    const silent = setUp('none', () => ({}));
    expect(await silent.publisher.publish([work('a')], signal)).toEqual(new Map([[0, 'no answer']]));
    const both = setUp('none', (input) => ({
      ...takeAll(input),
      Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }],
    }));
    expect((await both.publisher.publish([work('a')], signal)).size).toBe(1);
  });
});
