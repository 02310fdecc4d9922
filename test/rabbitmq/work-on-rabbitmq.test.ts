import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../lambdas/adapters/clock.ts';
import { systemTimer } from '../../lambdas/adapters/dependencies/set-timer.ts';
import { createWait } from '../../lambdas/adapters/dependencies/wait.ts';
import { createRabbitConnection, type RabbitConnection } from '../../lambdas/adapters/messaging/rabbitmq-connection.ts';
import { declareQueues } from '../../lambdas/adapters/messaging/rabbitmq-declare.ts';
import { publishConfirmed } from '../../lambdas/adapters/messaging/rabbitmq-publish.ts';
import { createRabbitWorkPublisher } from '../../lambdas/adapters/messaging/rabbitmq-work-publisher.ts';
import { createRabbitWorkQueue } from '../../lambdas/adapters/messaging/rabbitmq-work-queue.ts';
import { declarationsOf } from '../../lambdas/contract/rabbitmq-queues.ts';
import type { WorkItem } from '../../lambdas/contract/work.ts';
import type { Job } from '../../lambdas/middleware/queue-worker.ts';
import { createRabbitQueueWorker } from '../../lambdas/middleware/rabbitmq-queue-worker.ts';
import { lambdaContext } from '../support/proxy-event.ts';
import { drain, pollOnce } from '../support/rabbitmq-poller.ts';
import { RecordingLogger } from '../support/recording-logger.ts';
import { type RunningRabbit, startRabbit } from '../support/running-rabbitmq.ts';

const Task = v.object({ task: v.string() });
type Task = v.InferOutput<typeof Task>;

const ATTEMPTS = 3;
const SPEC = { name: 'video', attempts: ATTEMPTS } as const;
const forever = new AbortController().signal;

let broker: RunningRabbit;
let connection: RabbitConnection;

beforeAll(async () => {
  broker = await startRabbit();
  connection = createRabbitConnection({ url: broker.url, credentials: async () => broker.credentials });
  await declareQueues(connection, [SPEC]);
}, 90_000);

afterAll(async () => {
  await connection?.close();
  await broker?.stop();
}, 60_000);

beforeEach(async () => {
  const channel = await connection.channel();
  for (const { queue } of declarationsOf(SPEC)) await channel.purgeQueue(queue);
});

function publisher() {
  const timing = { clock: systemClock, wait: createWait(systemTimer), random: Math.random };
  return createRabbitWorkPublisher(connection, 'video', timing);
}

function entry(task: string) {
  const item: WorkItem = { id: `id of ${task}`, acceptedAtMs: 0, data: { task } };
  return { item, body: JSON.stringify(item) };
}

function worker(handle: (job: Job<Task>) => Promise<void>, over: RabbitConnection = connection) {
  const queue = createRabbitWorkQueue(over, 'video');
  const work = createRabbitQueueWorker({
    schema: Task,
    handle,
    queue,
    spec: {
      name: 'video',
      queueUrl: 'video',
      deadLetterUrl: 'video.dead',
      attempts: ATTEMPTS,
      retryBaseSeconds: 1,
      retryCapSeconds: 1,
      isFifo: false,
    },
    concurrency: 4,
    clock: systemClock,
    random: () => 0.5,
    setTimer: systemTimer,
    logger: new RecordingLogger(),
  });
  return (event: Parameters<typeof work>[0]) => work(event, lambdaContext());
}

/** Polls until it has seen so many messages. */
async function pollFor(messages: number, work: ReturnType<typeof worker>): Promise<void> {
  let seen = 0;
  for (let round = 0; seen < messages && round < 100; round += 1) {
    seen += (await pollOnce(connection, 'video', work)).messages;
    if (seen < messages) await wait(100);
  }
  expect(seen).toBe(messages);
}

const depth = async (queue: string) => (await (await connection.channel()).checkQueue(queue)).messageCount;

describe('work on RabbitMQ', () => {
  it('is confirmed, delivered and acknowledged', async () => {
    const names = Array.from({ length: 250 }, (_, index) => `task ${index}`);
    expect(await publisher().publish(names.map(entry), forever)).toEqual(new Map());
    const done: string[] = [];
    await pollFor(
      names.length,
      worker(async ({ data }) => void done.push(data.task)),
    );
    expect(done.toSorted()).toEqual(names.toSorted());
    expect(await depth('video')).toBe(0);
  });

  it('comes back after its delay with the number of its attempt, and holds up nothing behind it', async () => {
    await publisher().publish([entry('stumbles'), entry('next')], forever);
    const seen: string[] = [];
    const startMs = performance.now();
    const times: number[] = [];
    const work = worker(async ({ data, attempt, id }) => {
      seen.push(`${data.task} ${attempt} ${id}`);
      times.push(performance.now() - startMs);
      if (data.task === 'stumbles' && attempt === 1) throw new Error('not yet');
    });
    await pollFor(3, work);
    expect(seen).toEqual(['stumbles 1 id of stumbles', 'next 1 id of next', 'stumbles 2 id of stumbles']);
    // Half of a second: the jitter's middle.
    expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(500);
  });

  it('is set aside after its attempts, with what there is to know, and its body untouched', async () => {
    await publisher().publish([entry('hopeless')], forever);
    await pollFor(
      ATTEMPTS,
      worker(async () => {
        throw Object.assign(new Error('no such luck'), { code: 'unlucky' });
      }),
    );
    expect(await depth('video')).toBe(0);
    const [letter, ...others] = await drain(connection, 'video.dead');
    expect(others).toEqual([]);
    expect(letter?.content.toString()).toBe(entry('hopeless').body);
    expect(letter?.properties).toMatchObject({ messageId: 'id of hopeless', deliveryMode: 2 });
    expect(letter?.properties.headers).toMatchObject({
      error: 'unlucky: no such luck',
      attempts: ATTEMPTS,
      sourceMessageId: 'id of hopeless',
    });
  });

  it('is set aside by the broker where no worker lives to do it', async () => {
    await publisher().publish([entry('deadly')], forever);
    const dies = async () => {
      throw new Error('the function died');
    };
    for (let delivery = 0; delivery < ATTEMPTS + 4; delivery += 1) await pollOnce(connection, 'video', dies);
    await expect.poll(() => depth('video.dead'), { timeout: 5_000 }).toBe(1);
    expect(await depth('video')).toBe(0);
    const [letter] = await drain(connection, 'video.dead');
    expect(letter?.content.toString()).toBe(entry('deadly').body);
  });

  it('counts what the broker delivered again by itself as attempts, and does not begin a deadly one once more', async () => {
    await publisher().publish([entry('deadly')], forever);
    const dies = async () => {
      throw new Error('the function died');
    };
    for (let delivery = 0; delivery < ATTEMPTS; delivery += 1) await pollOnce(connection, 'video', dies);
    const begun: number[] = [];
    await pollFor(
      1,
      worker(async ({ attempt }) => void begun.push(attempt)),
    );
    expect(begun).toEqual([]);
    const [letter] = await drain(connection, 'video.dead');
    expect(letter?.properties.headers).toMatchObject({ attempts: ATTEMPTS + 1 });
  });

  it('fails the whole batch where a message could not be sent back, so that nothing is lost', async () => {
    await publisher().publish([entry('stumbles'), entry('done')], forever);
    const gone = createRabbitConnection({ url: 'amqp://127.0.0.1:1', credentials: async () => broker.credentials });
    const work = worker(async ({ data }) => {
      if (data.task === 'stumbles') throw new Error('not yet');
    }, gone);
    const { error } = await pollOnce(connection, 'video', work);
    expect(String(error)).toContain('1 of 2 messages are neither done nor waiting for another attempt');
    await expect.poll(() => depth('video'), { timeout: 5_000 }).toBe(2);
  });

  it('fails to be sent to a queue that is not there, instead of being confirmed and lost', async () => {
    const sent = publishConfirmed(connection, { queue: 'nowhere', body: '{}', messageId: 'm' }, forever);
    await expect(sent).rejects.toThrow("the broker has no queue 'nowhere'");
  });

  it('fails to be declared where a queue is there with other arguments, and leaves the queue as it is', async () => {
    const declared = declareQueues(connection, [{ ...SPEC, attempts: ATTEMPTS + 1 }]);
    await expect(declared).rejects.toThrow('PRECONDITION_FAILED');
    await declareQueues(connection, [SPEC]);
  });

  it('is published over a new connection where the old one was lost', async () => {
    const channel = await connection.channel();
    await broker.restart();
    expect(await publisher().publish([entry('late')], AbortSignal.timeout(30_000))).toEqual(new Map());
    expect(await connection.channel()).not.toBe(channel);
    expect(await depth('video')).toBe(1);
  }, 90_000);

  it.each(['restart', 'crash'] as const)(
    'outlives a %s of the broker: what waits, and what waits for another attempt',
    async (how) => {
      await publisher().publish([entry('waits'), entry('stumbles')], forever);
      const done = new Set<string>();
      const work = worker(async ({ data, attempt }) => {
        if (attempt === 1 && data.task === 'stumbles') throw new Error('not yet');
        done.add(data.task);
      });
      // The first is in hand when the broker goes; the second is on its way to its next attempt.
      const channel = await connection.channel();
      expect(await channel.get('video', { noAck: false })).toMatchObject({ properties: { messageId: 'id of waits' } });
      await pollOnce(connection, 'video', work);
      expect(done).toEqual(new Set());
      await broker[how]();
      // What was acknowledged in the moment before a crash may come once more.
      const poll = () => pollOnce(connection, 'video', work).catch(() => {});
      await expect.poll(() => poll().then(() => done), { timeout: 30_000 }).toEqual(new Set(['waits', 'stumbles']));
      await expect.poll(() => poll().then(() => depth('video')), { timeout: 10_000 }).toBe(0);
    },
    120_000,
  );
});
