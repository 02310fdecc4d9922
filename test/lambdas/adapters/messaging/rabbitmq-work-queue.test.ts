import { describe, expect, it } from 'vitest';
import { createRabbitWorkQueue } from '../../../../lambdas/adapters/messaging/rabbitmq-work-queue.ts';
import { MemoryRabbit } from '../../../support/memory-rabbitmq.ts';

const { signal } = new AbortController();
const MESSAGE = { messageId: 'm1', body: '{}', attempt: 2 };

function fixture() {
  const broker = new MemoryRabbit();
  return { broker, queue: createRabbitWorkQueue(broker, 'video') };
}

describe('createRabbitWorkQueue', () => {
  it('sends a message back to wait, with its attempts', async () => {
    const { broker, queue } = fixture();
    const handle = queue.receive(MESSAGE);
    await queue.changeVisibility(handle, 30, signal);
    expect(broker.published).toMatchObject([
      {
        queue: 'video.retry.64',
        body: '{}',
        options: { messageId: 'm1', expiration: '30000', headers: { 'spillway-attempts': 2 } },
      },
    ]);
    expect(queue.release(handle)).toBe(true);
    expect(queue.release(handle)).toBe(false);
  });

  it('says of a message that was not sent back that it was not, also where the broker refused it', async () => {
    const { broker, queue } = fixture();
    const [done, refused] = [queue.receive(MESSAGE), queue.receive(MESSAGE)];
    broker.takes.push('refuse');
    await expect(queue.changeVisibility(refused, 1, signal)).rejects.toThrow('message nacked');
    expect([queue.release(done), queue.release(refused)]).toEqual([false, false]);
  });

  it('sets aside with the attributes that a dead letter has on SQS, as headers', async () => {
    const { broker, queue } = fixture();
    const text = (stringValue: string) => ({ dataType: 'String', stringValue });
    await queue.setAside(
      {
        body: '{}',
        attributes: {
          error: text('Error: no luck'),
          attempts: { dataType: 'Number', stringValue: '3' },
          sourceMessageId: text('m1'),
        },
        ownAttributes: { tenant: text('acme'), bytes: { dataType: 'Binary', binaryValue: 'AA==' } },
      },
      signal,
    );
    expect(broker.published).toMatchObject([{ queue: 'video.dead', body: '{}', options: { messageId: 'm1' } }]);
    expect(broker.published[0]?.options.headers).toEqual({
      error: 'Error: no luck',
      attempts: 3,
      sourceMessageId: 'm1',
      tenant: 'acme',
    });
  });

  it('fails for a handle that it does not know', async () => {
    const { queue } = fixture();
    await expect(queue.changeVisibility('7', 1, signal)).rejects.toThrow('no message in hand by the handle 7');
  });
});
