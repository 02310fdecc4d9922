import { describe, expect, it } from 'vitest';
import { publishConfirmed } from '../../../../lambdas/adapters/messaging/rabbitmq-publish.ts';
import { MemoryRabbit } from '../../../support/memory-rabbitmq.ts';

const MESSAGE = { queue: 'video', body: '{"id":"1"}', messageId: '1' };
const { signal } = new AbortController();

describe('publishConfirmed', () => {
  it('resolves once the broker has taken a message to keep', async () => {
    const broker = new MemoryRabbit();
    await publishConfirmed(broker, { ...MESSAGE, headers: { attempt: 2 }, expirationMs: 1_500.2 }, signal);
    expect(broker.published).toMatchObject([
      {
        queue: 'video',
        body: '{"id":"1"}',
        options: {
          persistent: true,
          mandatory: true,
          contentType: 'application/json',
          messageId: '1',
          headers: { attempt: 2 },
          expiration: '1501',
        },
      },
    ]);
  });

  it('fails where the broker refuses it', async () => {
    const broker = new MemoryRabbit();
    broker.takes.push('refuse');
    await expect(publishConfirmed(broker, MESSAGE, signal)).rejects.toThrow('message nacked');
  });

  it('fails for the one of two that went nowhere, which the broker confirms as well', async () => {
    const broker = new MemoryRabbit();
    broker.takes.push('confirm', 'return');
    const sent = await Promise.allSettled([
      publishConfirmed(broker, MESSAGE, signal),
      publishConfirmed(broker, { ...MESSAGE, queue: 'nowhere' }, signal),
    ]);
    expect(sent).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'no-such-queue', message: "the broker has no queue 'nowhere'" } },
    ]);
  });

  it('fails when its time is up, and gives up a channel that says nothing', async () => {
    const broker = new MemoryRabbit();
    broker.takes.push('silence');
    const time = new AbortController();
    const sent = publishConfirmed(broker, MESSAGE, time.signal);
    await broker.channel();
    time.abort(new Error('the time is up'));
    await expect(sent).rejects.toThrow('the time is up');
    expect(broker.dropped).toBe(broker.published.length);
  });

  it('fails at once where the time was up before', async () => {
    const broker = new MemoryRabbit();
    await expect(publishConfirmed(broker, MESSAGE, AbortSignal.abort(new Error('too late')))).rejects.toThrow(
      'too late',
    );
    expect(broker.published).toEqual([]);
  });
});
