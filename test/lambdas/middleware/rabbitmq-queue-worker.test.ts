import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createRabbitWorkQueue } from '../../../lambdas/adapters/messaging/rabbitmq-work-queue.ts';
import type { Job } from '../../../lambdas/middleware/queue-worker.ts';
import { createRabbitQueueWorker } from '../../../lambdas/middleware/rabbitmq-queue-worker.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { MemoryRabbit, type Taking } from '../../support/memory-rabbitmq.ts';
import { lambdaContext } from '../../support/proxy-event.ts';
import { type RabbitMessageOptions, rabbitEvent } from '../../support/recorded-events.ts';
import { RecordingLogger } from '../../support/recording-logger.ts';

const Task = v.object({ task: v.string() });

function fixture(handle: (job: Job<{ task: string }>) => Promise<void>) {
  const timers = new ManualTimers();
  const broker = new MemoryRabbit();
  const worker = createRabbitQueueWorker({
    schema: Task,
    handle,
    queue: createRabbitWorkQueue(broker, 'video'),
    spec: {
      name: 'video',
      queueUrl: 'video',
      deadLetterUrl: 'video.dead',
      attempts: 3,
      retryBaseSeconds: 10,
      retryCapSeconds: 60,
      isFifo: false,
    },
    concurrency: 4,
    clock: timers.clock,
    random: () => 0.5,
    setTimer: timers.setTimer,
    logger: new RecordingLogger(),
  });
  const run = (...messages: RabbitMessageOptions[]) => worker(rabbitEvent(...messages), lambdaContext());
  return { broker, run };
}

const message = (task: string, more: Partial<RabbitMessageOptions> = {}): RabbitMessageOptions => ({
  messageId: `id of ${task}`,
  body: { id: `id of ${task}`, acceptedAtMs: 0, data: { task } },
  ...more,
});
const unlucky = async ({ data }: Job<{ task: string }>) => {
  if (data.task.startsWith('bad')) throw new Error('no luck');
};

describe('the worker of a RabbitMQ queue', () => {
  it('has the batch acknowledged where all is done', async () => {
    const done: string[] = [];
    const { broker, run } = fixture(async ({ data, attempt, id }) => void done.push(`${data.task} ${attempt} ${id}`));
    expect(await run(message('a'), message('b', { headers: { 'spillway-attempts': 1 } }))).toBeUndefined();
    expect(done).toEqual(['b 2 id of b', 'a 1 id of a']);
    expect(broker.published).toEqual([]);
  });

  it('sends what failed to wait for its next attempt, and has the batch acknowledged', async () => {
    const { broker, run } = fixture(unlucky);
    await run(message('good'), message('bad', { headers: { 'spillway-attempts': 1 } }));
    expect(broker.published).toMatchObject([
      {
        queue: 'video.retry.16',
        body: JSON.stringify(message('bad').body),
        options: {
          persistent: true,
          mandatory: true,
          messageId: 'id of bad',
          expiration: '10000',
          headers: { 'spillway-attempts': 2 },
        },
      },
    ]);
  });

  it('sets aside what failed for the last time, and what nobody can read', async () => {
    const { broker, run } = fixture(unlucky);
    await run(message('bad', { headers: { 'spillway-attempts': 2 } }), { messageId: 'junk', body: 'no work' });
    const letters = new Map(broker.published.map(({ body, ...letter }) => [body, letter]));
    expect(letters.get('no work')).toMatchObject({
      queue: 'video.dead',
      options: { headers: { attempts: 1, sourceMessageId: 'junk' } },
    });
    expect(letters.get(JSON.stringify(message('bad').body))).toMatchObject({
      queue: 'video.dead',
      options: {
        headers: { error: 'Error: no luck', attempts: 3, sourceMessageId: 'id of bad' },
      },
    });
    expect(broker.published).toHaveLength(2);
  });

  it('does two copies of a message in one batch once, and sends back one', async () => {
    const seen: string[] = [];
    const { broker, run } = fixture(async (job) => {
      seen.push(job.data.task);
      await unlucky(job);
    });
    await run(message('bad'), message('bad'));
    expect(seen).toEqual(['bad']);
    expect(broker.published).toHaveLength(1);
  });

  it.each<Taking>(['refuse', 'return'])(
    'fails the batch where the broker does not take back what failed: %s',
    async (taking) => {
      const { broker, run } = fixture(unlucky);
      broker.takes.push(taking);
      await expect(run(message('bad'), message('good'))).rejects.toThrow(
        "queue 'video': 1 of 2 messages are neither done nor waiting for another attempt",
      );
    },
  );

  it('fails the batch where neither the dead letters nor the retries take a message', async () => {
    const { broker, run } = fixture(unlucky);
    broker.takes.push('refuse', 'refuse');
    await expect(run(message('bad', { headers: { 'spillway-attempts': 2 } }))).rejects.toThrow('1 of 1 messages');
  });
});
