import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import type { QueueWorkerProps } from '../../../lib/messaging/queue-worker.ts';
import { WorkOrder } from '../../../lib/messaging/work-order.ts';
import { allowedActions } from '../../support/allowed-actions.ts';
import { createQueueWorker } from '../../support/messaging-stack.ts';

const MAPPING = 'AWS::Lambda::EventSourceMapping';

function mappingOf({ template }: ReturnType<typeof createQueueWorker>) {
  return Object.values(template().findResources(MAPPING))[0]?.Properties;
}

describe('QueueWorker', () => {
  it('works on messages one by one, ten batches at a time, so that no backlog takes more of the account', () => {
    const made = createQueueWorker();
    expect(mappingOf(made)).toEqual({
      EventSourceArn: made.stack.resolve(made.queue.queue.queueArn),
      FunctionName: made.stack.resolve(made.worker.function.alias.functionName),
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  it('does as it is told where that differs', () => {
    const made = createQueueWorker(
      {
        maxConcurrency: 2,
        reservedConcurrency: 2,
        batchSize: 11,
        maxBatchingWindow: Duration.seconds(5),
        filters: [{ body: { data: { title: ['a'] } } }],
      },
      { maxBatchingWindow: Duration.seconds(5) },
    );
    expect(mappingOf(made)).toMatchObject({
      BatchSize: 11,
      MaximumBatchingWindowInSeconds: 5,
      ScalingConfig: { MaximumConcurrency: 2 },
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"data":{"title":["a"]}}}' }] },
    });
  });

  it.each([
    [4, 4],
    [40, 40],
    // More than a mapping can be bounded to.
    [1_200, 1_000],
  ])('has as many batches at a time as it reserves: of %d, %d', (reservedConcurrency, MaximumConcurrency) => {
    expect(mappingOf(createQueueWorker({ reservedConcurrency }))).toMatchObject({
      ScalingConfig: { MaximumConcurrency },
    });
  });

  it('has pollers of its own where it is told to, and no other bound', () => {
    const made = createQueueWorker({ provisionedPollers: { min: 2, max: 3 }, reservedConcurrency: 30 });
    expect(mappingOf(made)).toMatchObject({ ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 3 } });
    expect(mappingOf(made)).not.toHaveProperty('ScalingConfig');
  });

  it('tells its handler how to treat what fails', () => {
    const { template, stack, queue, worker } = createQueueWorker(
      { retryBase: Duration.seconds(1), retryCap: Duration.minutes(2) },
      { attempts: 4, order: WorkOrder.fifo() },
    );
    template();
    const environment = stack.resolve(worker.function.function.node.defaultChild?.['environment' as never]);
    const text = environment.variables.SPILLWAY_WORKER['Fn::Join'][1]
      .map((part: unknown) => (typeof part === 'string' ? part : JSON.stringify(part).replaceAll('"', "'")))
      .join('');
    const url = (target: typeof queue.queue) => JSON.stringify(stack.resolve(target.queueUrl)).replaceAll('"', "'");
    expect(JSON.parse(text)).toEqual({
      name: 'video',
      queueUrl: url(queue.queue),
      deadLetterUrl: url(queue.deadLetters),
      attempts: 4,
      retryBaseSeconds: 1,
      retryCapSeconds: 120,
      isFifo: true,
    });
  });

  it('may poll its queue, delay messages, and set them aside; nothing else of either queue', () => {
    const { stack, template, worker, queue } = createQueueWorker();
    const allowed = allowedActions(stack, template(), worker.function);
    expect(allowed[stack.resolve(queue.queue.queueArn)['Fn::GetAtt'][0]]).toEqual([
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
    ]);
    expect(allowed[stack.resolve(queue.deadLetters.queueArn)['Fn::GetAtt'][0]]).toEqual(['sqs:SendMessage']);
  });

  const WHOLE = 'must be a whole number';
  const RESERVE =
    'messages whose invocation is refused count as tried; reserve what the queue may use, or let it use less';
  it.each<[Partial<QueueWorkerProps>, string]>([
    [{ maxConcurrency: 1 }, `maxConcurrency ${WHOLE} between 2 and 1000, got 1`],
    [{ maxConcurrency: 1_001 }, `maxConcurrency ${WHOLE} between 2 and 1000, got 1001`],
    [{ maxConcurrency: Number.NaN }, `maxConcurrency ${WHOLE} between 2 and 1000, got NaN`],
    [{ maxConcurrency: 2.5 }, `maxConcurrency ${WHOLE} between 2 and 1000, got 2.5`],
    [
      { maxConcurrency: 5, provisionedPollers: { min: 2, max: 4 } },
      'maxConcurrency (5) and provisionedPollers (2 to 4) exclude each other; remove one',
    ],
    [{ provisionedPollers: { min: 1, max: 4 } }, `provisionedPollers.min ${WHOLE} between 2 and 200, got 1`],
    [{ provisionedPollers: { min: 201, max: 204 } }, `provisionedPollers.min ${WHOLE} between 2 and 200, got 201`],
    [{ provisionedPollers: { min: 4, max: 3 } }, `provisionedPollers.max ${WHOLE} between 4 and 2000, got 3`],
    [
      { provisionedPollers: { min: 2, max: Number.POSITIVE_INFINITY } },
      `provisionedPollers.max ${WHOLE} between 2 and 2000, got Infinity`,
    ],
    [
      { provisionedPollers: { min: 2, max: 4 } },
      `reservedConcurrency ${WHOLE} of at least 40, got undefined; ${RESERVE}`,
    ],
    [{ maxConcurrency: 5, reservedConcurrency: 4 }, `reservedConcurrency ${WHOLE} of at least 5, got 4; ${RESERVE}`],
    [{ reservedConcurrency: 1 }, `reservedConcurrency ${WHOLE} of at least 2, got 1; ${RESERVE}`],
    [{ batchSize: 0 }, `batchSize ${WHOLE} between 1 and 10000, got 0`],
    [{ batchSize: 10_001 }, `batchSize ${WHOLE} between 1 and 10000, got 10001`],
    [{ batchSize: 11 }, 'batchSize must be at most 10 without a maxBatchingWindow, got 11'],
    [
      { maxBatchingWindow: Duration.seconds(1) },
      "maxBatchingWindow must be whole seconds between 0 seconds and 0 seconds, got 1 second; it counts into the visibility timeout of queue 'video', so that it is allowed there first",
    ],
    [
      { timeout: Duration.seconds(61) },
      "timeout must be between 1 second and 1 minute, got 1 minute 1 second; the visibility timeout of queue 'video' follows from its workerTimeout",
    ],
    [{ itemsAtATime: 11 }, `itemsAtATime ${WHOLE} between 1 and 10, got 11`],
    [{ filters: [{}, {}, {}, {}, {}, {}] }, 'filters must be at most 5, got 6'],
    [{ expectedItemTime: Duration.seconds(0) }, 'expectedItemTime must be between 1 milli and 1 minute, got 0 seconds'],
    [
      { retryBase: Duration.seconds(0) },
      'retryBase must be whole seconds between 1 second and 15 minutes, got 0 seconds',
    ],
    [
      { retryBase: Duration.minutes(2), retryCap: Duration.minutes(1) },
      'retryCap must be whole seconds between 2 minutes and 1 hour, got 1 minute',
    ],
  ])('fails on %o', (props, message) => {
    expect(() => createQueueWorker(props)).toThrow(`worker 'workers/echo': ${message} [Stack/VideoWorker]`);
  });

  it.each<[Partial<QueueWorkerProps>, string]>([
    [{ batchSize: 11 }, `batchSize ${WHOLE} between 1 and 10, got 11`],
    [{ maxBatchingWindow: Duration.seconds(1) }, 'maxBatchingWindow must be left out on a FIFO queue, got 1 s'],
  ])('fails on %o on a FIFO queue', (props, message) => {
    const fifo = { order: WorkOrder.fifo(), maxBatchingWindow: Duration.seconds(1) };
    expect(() => createQueueWorker(props, fifo)).toThrow(`worker 'workers/echo': ${message} [Stack/VideoWorker]`);
  });
});

describe('QueueWorker.drainTime', () => {
  // 10 batches × 10 items / 2 s = 50 a second.
  const { worker } = createQueueWorker();

  it('is backlog / (throughput − arrivals), rounded up to seconds', () => {
    expect(worker.drainTime(50_000, 0).toSeconds()).toBe(1_000);
    expect(worker.drainTime(50_000, 30).toSeconds()).toBe(2_500);
    expect(worker.drainTime(1, 0).toSeconds()).toBe(1);
    expect(worker.drainTime(0, 0).toSeconds()).toBe(0);
  });

  it('reckons with the pollers there may be, and with the items that the handler takes at a time', () => {
    const provisioned = createQueueWorker({
      provisionedPollers: { min: 2, max: 3 },
      reservedConcurrency: 30,
      itemsAtATime: 1,
    });
    // 30 batches × 1 item / 2 s = 15 a second.
    expect(provisioned.worker.drainTime(1_500, 0).toSeconds()).toBe(100);
  });

  it('fails where as much arrives as is done', () => {
    expect(() => worker.drainTime(1, 50)).toThrow(
      "worker 'workers/echo': a backlog never drains while 50 arrive a second and 50 are done; raise its concurrency, or make an item take less [Stack/VideoWorker]",
    );
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('fails on %d messages', (value) => {
    for (const [name, call] of [
      ['backlog', () => worker.drainTime(value, 0)],
      ['arrivalRatePerSecond', () => worker.drainTime(0, value)],
    ] as const) {
      expect(call).toThrow(`worker 'workers/echo': ${name} must be a number of at least 0, got ${value}`);
    }
  });
});
