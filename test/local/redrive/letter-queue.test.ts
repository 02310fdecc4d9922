import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLetterQueue } from '../../../local/redrive/letter-queue.ts';
import { type RunningAws, resource, runAws } from '../../support/running-aws.ts';

const URL = 'https://sqs.eu-west-1.amazonaws.com/000000000000/dead';

describe('createLetterQueue', () => {
  let running: RunningAws;
  let client: SQSClient;
  const queue = () => createLetterQueue(client, URL, () => 1_000);

  beforeAll(async () => {
    running = await runAws();
    client = new SQSClient({ ...running.clientOptions(), useQueueUrlAsEndpoint: false });
    await running.aws.provision([resource('AWS::SQS::Queue', URL, {})]);
  });
  afterAll(async () => {
    client.destroy();
    await running.aws.close();
  });
  beforeEach(async () => {
    for (const letter of await queue().receive(10, 600)) await queue().delete(letter);
  });
  const put = async (count: number) => {
    for (let at = 0; at < count; at += 1) {
      await client.send(new SendMessageCommand({ QueueUrl: URL, MessageBody: `letter ${at}` }));
    }
  };

  it('takes letters out of sight, counts them all the same, and puts them back', async () => {
    await put(3);
    const letters = await queue().receive(10, 600);
    expect(letters.map(({ body, hiddenUntilMs }) => [body, hiddenUntilMs])).toEqual(
      [0, 1, 2].map((at) => [`letter ${at}`, 601_000]),
    );
    expect(await queue().receive(10, 600)).toEqual([]);
    expect(await queue().depth()).toBe(3);
    await queue().hide(letters, 0);
    expect(await queue().receive(10, 600)).toHaveLength(3);
  });

  it('hides more than one call takes', async () => {
    await put(12);
    const letters = [...(await queue().receive(10, 600)), ...(await queue().receive(10, 600))];
    await queue().hide(letters, 0);
    expect([...(await queue().receive(10, 600)), ...(await queue().receive(10, 600))]).toHaveLength(12);
    for (const letter of letters) await queue().delete(letter);
  });

  it('fails to hide a letter that is gone, and hides the others', async () => {
    await put(2);
    const [gone, other] = await queue().receive(10, 600);
    if (gone === undefined || other === undefined) throw new Error('two were put');
    await queue().delete(gone);
    await expect(queue().hide([gone, other], 0)).rejects.toThrow(
      /^1 of 2 letters are in other hands by now, or gone: /,
    );
    expect(await queue().receive(10, 600)).toHaveLength(1);
  });
});
