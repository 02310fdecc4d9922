import { describe, expect, it } from 'vitest';
import { createRabbitWorkQueue } from '../../../lambdas/adapters/messaging/rabbitmq-work-queue.ts';
import { createRabbitQueueWorker } from '../../../lambdas/middleware/rabbitmq-queue-worker.ts';
import { createStreamBatchWorker } from '../../../lambdas/middleware/stream-batch-worker.ts';
import { createStreamKeyWorker } from '../../../lambdas/middleware/stream-key-worker.ts';
import { createCountEvents } from '../../../lambdas/workers/analytics/count-events.ts';
import { notifyFollowers } from '../../../lambdas/workers/notifications/notify-followers.ts';
import { videoJobs } from '../../../lambdas/workers/video/video-jobs.ts';
import { feedUpdated } from '../../support/domain-events.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { MemoryAnalytics } from '../../support/memory-analytics.ts';
import { MemoryRabbit } from '../../support/memory-rabbitmq.ts';
import { MemoryFollows, MemoryNotifications } from '../../support/memory-tables.ts';
import { lambdaContext } from '../../support/proxy-event.ts';
import { kafkaEvent, rabbitEvent } from '../../support/recorded-events.ts';
import { RecordingLogger } from '../../support/recording-logger.ts';
import { createVideoWorld } from '../../support/video-world.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

/** Events of Ann and Bob over two partitions, one of them twice, and a record that nobody can read. */
function events() {
  return kafkaEvent(
    { offset: 7, key: 'ann', value: feedUpdated('e1', NOW) },
    { offset: 8, key: 'ann', value: feedUpdated('e1', NOW) },
    { offset: 9, key: 'carol', value: 'no event' },
    { partition: 1, offset: 3, key: 'bob', value: feedUpdated('e2', NOW) },
  );
}

const UNREADABLE = { batchItemFailures: [{ itemIdentifier: { 'topic-partition': 'events-0', offset: 9 } }] };

describe('the workers of events, on Kafka', () => {
  it('notify followers once of each event, and name what they could not read', async () => {
    const { setTimer } = new ManualTimers();
    const dependencies = { follows: new MemoryFollows(), notifications: new MemoryNotifications() };
    dependencies.follows.add('fan', 'ada');
    const worker = createStreamKeyWorker({
      types: ['FeedUpdated'],
      handleEvents: (batch, signal) => notifyFollowers(dependencies, batch, signal),
      maxTogether: 25,
      concurrency: 4,
      setTimer,
      logger: new RecordingLogger(),
    });
    expect(await worker(events(), lambdaContext())).toEqual(UNREADABLE);
    expect(dependencies.notifications.items.map(({ id }) => id).sort()).toEqual(['e1', 'e2']);
  });

  it('count each event once, also when the batch comes again', async () => {
    const { setTimer, clock } = new ManualTimers();
    clock.advance(NOW - clock.now());
    const table = new MemoryAnalytics();
    const logger = new RecordingLogger();
    const handleBatch = createCountEvents({ table, clock, random: () => 0.5, wait: async () => {}, logger });
    const worker = createStreamBatchWorker({ types: ['FeedUpdated'], handleBatch, setTimer, logger });
    expect(await worker(events(), lambdaContext())).toEqual(UNREADABLE);
    const counted = new Map(table.counts);
    expect(counted.size).toBeGreaterThan(0);
    expect(await worker(events(), lambdaContext())).toEqual(UNREADABLE);
    expect(table.counts).toEqual(counted);
  });
});

describe('the worker of videos, on RabbitMQ', () => {
  it('processes an upload, and does nothing the second time', async () => {
    const world = createVideoWorld();
    const { setTimer } = new ManualTimers();
    const broker = new MemoryRabbit();
    const worker = createRabbitQueueWorker({
      ...videoJobs(world.dependencies),
      queue: createRabbitWorkQueue(broker, 'video'),
      spec: {
        name: 'video',
        queueUrl: 'video',
        deadLetterUrl: 'video.dead',
        attempts: 5,
        retryBaseSeconds: 10,
        retryCapSeconds: 900,
        isFifo: false,
      },
      concurrency: 1,
      clock: world.clock,
      random: () => 0.5,
      setTimer,
      logger: world.logger,
    });
    await world.accept('v1', Buffer.from('an image'));
    const body = { id: 'v1', acceptedAtMs: world.clock.now(), data: { action: 'process', videoId: 'v1' } };
    await worker(rabbitEvent({ messageId: 'v1', body }), lambdaContext());
    expect(world.record('v1')).toMatchObject({ status: 'ready' });
    const told = world.told();
    await worker(rabbitEvent({ messageId: 'v1', redelivered: true, body }), lambdaContext());
    expect(world.told()).toEqual(told);
    expect(broker.published).toEqual([]);
  });
});
