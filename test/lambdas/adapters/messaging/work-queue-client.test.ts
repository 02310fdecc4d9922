import type { ChangeMessageVisibilityCommandInput, SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import {
  createWorkQueueClient,
  type SetAsideMessage,
} from '../../../../lambdas/adapters/messaging/work-queue-client.ts';
import { createSqsClient } from '../../../../lambdas/adapters/sqs-client.ts';
import { interceptClient } from '../../../support/intercept-client.ts';

const { signal } = new AbortController();
const text = (stringValue: string) => ({ dataType: 'String', stringValue });
const attributes = { error: text('no luck'), attempts: { dataType: 'Number', stringValue: '5' } };

function setUp(answer: () => object = () => ({})) {
  const client = createSqsClient();
  const inputs = interceptClient<SendMessageCommandInput & ChangeMessageVisibilityCommandInput>(client, answer);
  const queue = createWorkQueueClient(client, { queueUrl: 'https://sqs/work', deadLetterUrl: 'https://sqs/dead' });
  const setAside = async (message: Partial<SetAsideMessage>) => {
    await queue.setAside({ body: 'body', attributes, ownAttributes: {}, ...message }, signal);
    return inputs.at(-1)?.MessageAttributes;
  };
  return { queue, inputs, setAside };
}

describe('createWorkQueueClient', () => {
  it('makes a message visible again after a while', async () => {
    const { queue, inputs } = setUp();
    await queue.changeVisibility('receipt', 7, signal);
    expect(inputs).toEqual([{ QueueUrl: 'https://sqs/work', ReceiptHandle: 'receipt', VisibilityTimeout: 7 }]);
  });

  it('sends to the dead letters, with the body as it is and all attributes', async () => {
    const { setAside, inputs } = setUp();
    const ownAttributes = {
      tenant: text('acme'),
      digest: { dataType: 'Binary', binaryValue: 'AQI=' },
      error: text('old'),
    };
    expect(await setAside({ ownAttributes, groupId: 'acme', deduplicationId: 'message-1' })).toEqual({
      tenant: { DataType: 'String', StringValue: 'acme' },
      digest: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]) },
      error: { DataType: 'String', StringValue: 'no luck' },
      attempts: { DataType: 'Number', StringValue: '5' },
    });
    expect(inputs).toMatchObject([
      {
        QueueUrl: 'https://sqs/dead',
        MessageBody: 'body',
        MessageGroupId: 'acme',
        MessageDeduplicationId: 'message-1',
      },
    ]);
  });

  it('leaves out what the message carried before where all would be more than ten', async () => {
    const { setAside } = setUp();
    const named = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, text('x')]));
    expect(Object.keys((await setAside({ ownAttributes: named(8) })) ?? {})).toHaveLength(10);
    expect(Object.keys((await setAside({ ownAttributes: named(9) })) ?? {})).toEqual(['error', 'attempts']);
  });

  it('leaves out as much as it takes for the message to fit, and never anything of its body', async () => {
    const { setAside, inputs } = setUp();
    const own = { tenant: text('acme') };
    // Names, types and values: 6 + 6 + 4, and 5 + 6 + 7 + 8 + 6 + 1.
    const fits = 1_048_576 - 16 - 33;
    const sizes = [fits, fits + 1, fits + 16, fits + 17, 1_048_576];
    const counts: number[] = [];
    for (const size of sizes) {
      counts.push(Object.keys((await setAside({ body: 'x'.repeat(size), ownAttributes: own })) ?? {}).length);
    }
    expect(counts).toEqual([3, 2, 2, 0, 0]);
    expect(inputs.map(({ MessageBody }) => MessageBody?.length)).toEqual(sizes);
  });

  it('fails when the queue does', async () => {
    const { queue, setAside } = setUp(() => {
      throw new Error('queue is gone');
    });
    await expect(setAside({})).rejects.toThrow('queue is gone');
    await expect(queue.changeVisibility('receipt', 1, signal)).rejects.toThrow('queue is gone');
  });
});
