import { type CfnElement, Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { Env } from '../../../lambdas/contract/environment.ts';
import { bundleHandlers } from '../../../lib/compute/handler-bundles.ts';
import { EventStream } from '../../../lib/messaging/event-stream.ts';
import { FailedRecords } from '../../../lib/messaging/failed-records.ts';
import { FailedRecordsBucket } from '../../../lib/messaging/failed-records-bucket.ts';
import { OutboxRelay, type OutboxRelayProps } from '../../../lib/messaging/outbox-relay.ts';
import { WorkOrder } from '../../../lib/messaging/work-order.ts';
import { WorkQueue, type WorkQueueProps } from '../../../lib/messaging/work-queue.ts';
import { allowedActions } from '../../support/allowed-actions.ts';
import { flaggedStack } from '../../support/flagged-app.ts';
import { resolvedEnvironment } from '../../support/resolved-environment.ts';

const MAPPING = 'AWS::Lambda::EventSourceMapping';

function createQueue(stack: Stack, props: Pick<WorkQueueProps, 'name'> & Partial<WorkQueueProps>): WorkQueue {
  return new WorkQueue(stack, props.name, {
    workerTimeout: Duration.seconds(60),
    maxAge: Duration.minutes(5),
    ...props,
  });
}

function createRelay(props: Partial<OutboxRelayProps> = {}, stack: Stack = flaggedStack()) {
  const outbox = new TableV2(stack, 'Outbox', {
    partitionKey: { name: 'aggregate', type: AttributeType.STRING },
    dynamoStream: StreamViewType.NEW_IMAGE,
  });
  const events = new EventStream(stack, 'Events', { removalPolicy: RemovalPolicy.DESTROY });
  const failed = new FailedRecordsBucket(stack, 'Failed', { removalPolicy: RemovalPolicy.DESTROY });
  const relay = new OutboxRelay(stack, 'OutboxRelay', {
    outbox,
    events,
    queues: [],
    failedRecords: FailedRecords.inBucket(failed),
    ...props,
  });
  const idOf = (construct: { node: { defaultChild?: unknown } }) =>
    stack.getLogicalId(construct.node.defaultChild as CfnElement);
  return { stack, outbox, events, failed, relay, idOf, template: () => Template.fromStack(stack) };
}

describe('OutboxRelay', () => {
  // It takes more time than a test has, and once for all of them.
  beforeAll(() => void bundleHandlers());

  it('takes what is written to the outbox from the oldest on, a shard at a time, and keeps at it until the stream is about to forget it', () => {
    const { stack, outbox, relay, failed, template } = createRelay();
    template().hasResourceProperties(MAPPING, {
      EventSourceArn: stack.resolve(outbox.tableStreamArn),
      FunctionName: stack.resolve(relay.worker.function.alias.functionName),
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 500,
      MaximumBatchingWindowInSeconds: 0,
      // Two batches of a shard at a time could tell of a later change of an aggregate first.
      ParallelizationFactor: 1,
      MaximumRetryAttempts: 10_000,
      // An hour before DynamoDB forgets it.
      MaximumRecordAgeInSeconds: 82_800,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: stack.resolve(failed.bucket.bucketArn) } },
    });
  });

  it('tells its handler where events go, and work by its kind and order', () => {
    const stack = flaggedStack();
    const queues = [
      createQueue(stack, { name: 'video', order: WorkOrder.fair() }),
      createQueue(stack, { name: 'activity' }),
    ];
    const { template } = createRelay({ queues }, stack);
    const environment = resolvedEnvironment(template(), 'Publishes what was accepted');
    expect(environment[Env.EVENT_STREAM]).toBe('<Events>');
    expect(JSON.parse(environment[Env.WORK_QUEUES] ?? '')).toEqual({
      video: { url: '<videoQueue>', order: 'fair' },
      activity: { url: '<activityQueue>', order: 'none' },
    });
  });

  it('tells its handler where to leave what it cannot read, if there is a bucket', () => {
    const environmentOf = (props: Partial<OutboxRelayProps>) =>
      resolvedEnvironment(createRelay(props).template(), 'Publishes what was accepted');
    expect(environmentOf({})[Env.FAILED_RECORDS_BUCKET]).toBe('<FailedBucket>');
    expect(environmentOf({ failedRecords: FailedRecords.inQueue() })).not.toHaveProperty(Env.FAILED_RECORDS_BUCKET);
  });

  it('may read the stream of the outbox, put events and send work, and nothing else', () => {
    const stack = flaggedStack();
    const video = createQueue(stack, { name: 'video' });
    createQueue(stack, { name: 'activity' });
    const { outbox, events, failed, relay, idOf, template } = createRelay({ queues: [video] }, stack);
    expect(allowedActions(stack, template(), relay.worker.function)).toEqual({
      '*': ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      [idOf(relay.worker.function.logGroup)]: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      [`${idOf(outbox)}/stream`]: [
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      ],
      [idOf(events.stream)]: ['kinesis:PutRecords'],
      [idOf(video.queue)]: ['sqs:SendMessage'],
      [idOf(failed.bucket)]: ['s3:ListBucket'],
      [`${idOf(failed.bucket)}/aws/lambda/*`]: ['s3:PutObject'],
    });
  });

  it('may be a minute behind unless told otherwise, and scales as it is told', () => {
    expect(createRelay().relay.worker.maxLag.toSeconds()).toBe(60);
    const { relay, template } = createRelay({ maxLag: Duration.seconds(10), reservedConcurrency: 7 });
    expect(relay.worker.maxLag.toSeconds()).toBe(10);
    template().hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 7, Timeout: 60 });
  });

  it('fails on an outbox without a stream', () => {
    const stack = flaggedStack();
    const outbox = new TableV2(stack, 'Silent', { partitionKey: { name: 'aggregate', type: AttributeType.STRING } });
    expect(() => createRelay({ outbox }, stack)).toThrow(
      "worker 'workers/outbox-relay': source must be an EventStream or a table with a stream, got one without; give the table a dynamoStream",
    );
  });

  it.each([
    [0, '0 seconds'],
    [0.5, '500 millis'],
    [90_000, '1 day 1 hour'],
  ])('fails on a lag of %d s', (seconds, got) => {
    expect(() => createRelay({ maxLag: Duration.seconds(seconds) })).toThrow(
      `worker 'workers/outbox-relay': maxLag must be between 1 second and 1 day, got ${got}; what is older than the retention is lost`,
    );
  });
});
