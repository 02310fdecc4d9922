import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { Network } from '../../../lib/data/network.ts';
import { QueueWorker, type QueueWorkerProps } from '../../../lib/messaging/queue-worker.ts';
import { RabbitBroker, type RabbitBrokerOptions } from '../../../lib/messaging/rabbitmq-broker.ts';
import { RabbitQueue, type RabbitQueueProps } from '../../../lib/messaging/rabbitmq-queue.ts';
import { BROKER_HANDLERS, FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

function createBroker(options: RabbitBrokerOptions = {}) {
  const stack = flaggedStack();
  const network = new Network(stack, 'Network');
  const kept = { logRetention: RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY };
  return { stack, broker: new RabbitBroker(stack, 'Broker', { network, ...kept, ...options }) };
}

function createQueue(props: Partial<RabbitQueueProps> = {}) {
  const { stack, broker } = createBroker();
  return {
    stack,
    queue: new RabbitQueue(stack, 'Videos', {
      name: 'video',
      workerTimeout: Duration.minutes(1),
      broker,
      handlersDirectory: BROKER_HANDLERS,
      ...props,
    }),
  };
}

function createWorker(props: Partial<QueueWorkerProps>) {
  const { stack, queue } = createQueue();
  return new QueueWorker(stack, 'Worker', {
    handler: 'workers/echo',
    handlersDirectory: FIXTURE_HANDLERS,
    description: 'Works on videos',
    queue,
    timeout: Duration.minutes(1),
    expectedItemTime: Duration.seconds(2),
    ...props,
  });
}

describe('RabbitBroker', () => {
  it.each(['mq.t3.micro', 'mq.m5.large', '', undefined as never])('fails on the instance type %j', (instanceType) => {
    const create = () => createBroker({ instanceType });
    if (instanceType === undefined) expect(create).not.toThrow();
    else expect(create).toThrow('rabbitmq broker: instanceType must be an instance type of the family mq.m7g');
  });
});

describe('RabbitQueue', () => {
  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 101])('fails on %d attempts', (attempts) => {
    expect(() => createQueue({ attempts })).toThrow(
      "work queue 'video': attempts must be a whole number between 1 and 100",
    );
  });

  it('fails on work that nobody knows', () => {
    expect(() => createQueue({ name: 'audio' as never })).toThrow('work queue: name must be one of video, activity');
  });

  it.each([Duration.seconds(0), Duration.minutes(16)])('fails on a workerTimeout of %s', (workerTimeout) => {
    expect(() => createQueue({ workerTimeout })).toThrow("work queue 'video': workerTimeout must be");
  });
});

describe('a QueueWorker of a RabbitQueue', () => {
  it('reckons with one batch at a time', () => {
    const worker = createWorker({ batchSize: 10 });
    // 10 items at a time of 2 seconds each: 5 a second.
    expect(worker.drainTime(1_000, 0).toSeconds()).toBe(200);
  });

  it.each([
    ['maxConcurrency', { maxConcurrency: 5 }],
    ['provisionedPollers', { provisionedPollers: { min: 2, max: 2 }, reservedConcurrency: 20 }],
  ])('fails on %s', (name, props) => {
    expect(() => createWorker(props)).toThrow(
      `worker 'workers/echo': ${name} is for SQS, and the queue is RabbitMQ's, which one batch is taken of at a time; remove it`,
    );
  });
});
