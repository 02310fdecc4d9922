import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { WorkOrder } from '../../../lib/messaging/work-order.ts';
import type { WorkQueueProps } from '../../../lib/messaging/work-queue.ts';
import { createWorkQueue } from '../../support/messaging-stack.ts';

function propertiesOf({ stack, template }: ReturnType<typeof createWorkQueue>, queue: Queue) {
  const id = stack.getLogicalId(queue.node.defaultChild as CfnQueue);
  return template().findResources('AWS::SQS::Queue')[id]?.Properties;
}

describe('WorkQueue', () => {
  it('hides a message for six times as long as its worker may take, and the time that a batch is gathered', () => {
    const made = createWorkQueue();
    expect(propertiesOf(made, made.queue.queue)).toMatchObject({
      VisibilityTimeout: 360,
      MessageRetentionPeriod: 345_600,
      SqsManagedSseEnabled: true,
    });
    const gathering = createWorkQueue({ maxBatchingWindow: Duration.seconds(5) });
    expect(propertiesOf(gathering, gathering.queue.queue)).toMatchObject({ VisibilityTimeout: 365 });
  });

  it('keeps dead letters for two weeks, and leaves it to the worker to set them aside but for one that always dies', () => {
    const made = createWorkQueue({ attempts: 7 });
    expect(propertiesOf(made, made.queue.deadLetters)).toMatchObject({
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
    expect(propertiesOf(made, made.queue.queue)).toMatchObject({
      RedrivePolicy: { deadLetterTargetArn: made.stack.resolve(made.queue.deadLetters.queueArn), maxReceiveCount: 10 },
    });
  });

  it('lets only the queue itself put dead letters there, by a name that no other stack, living or deleted, has', () => {
    const made = createWorkQueue();
    const uuid = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
    const [prefix, ...rest] = propertiesOf(made, made.queue.queue).QueueName['Fn::Join'][1];
    expect(prefix).toMatch(/^video-[0-9a-f]{8}-$/);
    expect(rest).toEqual([uuid]);
    const arn = ['arn:', { Ref: 'AWS::Partition' }, ':sqs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }];
    expect(propertiesOf(made, made.queue.deadLetters).RedriveAllowPolicy).toEqual({
      redrivePermission: 'byQueue',
      sourceQueueArns: [{ 'Fn::Join': ['', [...arn, `:${prefix}`, uuid]] }],
    });
  });

  it('speaks TLS alone, on both queues', () => {
    const made = createWorkQueue();
    for (const queue of [made.queue.queue, made.queue.deadLetters]) {
      made.template().hasResourceProperties('AWS::SQS::QueuePolicy', {
        Queues: [made.stack.resolve(queue.queueUrl)],
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: 'Deny',
              Action: 'sqs:*',
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            }),
          ]),
        },
      });
    }
  });

  it('keeps an order per group, with the throughput of each group to itself, where it is FIFO, and so do its dead letters', () => {
    const made = createWorkQueue({ order: WorkOrder.fifo() });
    for (const queue of [made.queue.queue, made.queue.deadLetters]) {
      expect(propertiesOf(made, queue)).toMatchObject({
        FifoQueue: true,
        ContentBasedDeduplication: false,
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
      });
    }
    expect(propertiesOf(made, made.queue.queue).QueueName['Fn::Join'][1].at(-1)).toBe('.fifo');
  });

  it('is a standard queue where it is fair: the groups of messages make it so', () => {
    const made = createWorkQueue({ order: WorkOrder.fair() });
    expect(made.queue.order?.kind).toBe('fair');
    expect(propertiesOf(made, made.queue.queue)).not.toHaveProperty('FifoQueue');
  });

  it('stays, with what is in it, where it is told to; but its name is free again where its creation was rolled back', () => {
    const made = createWorkQueue({ removalPolicy: RemovalPolicy.RETAIN });
    made.template().allResources('AWS::SQS::Queue', { UpdateReplacePolicy: 'Retain' });
    made.template().hasResource('AWS::SQS::Queue', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { QueueName: Match.anyValue() },
    });
    made.template().hasResource('AWS::SQS::Queue', {
      DeletionPolicy: 'Retain',
      Properties: { QueueName: Match.absent() },
    });
  });

  it('permits to send, and nothing else', () => {
    const { stack, queue, template } = createWorkQueue();
    queue.grantSend(new Role(stack, 'Sender', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: stack.resolve(queue.queue.queueArn) }],
      },
    });
  });

  it('measures age, depth, what is in hand and what was set aside, by the minute unless told otherwise', () => {
    const { queue } = createWorkQueue();
    const read = (metric: ReturnType<typeof queue.metricDepth>) => metric.toMetricConfig().metricStat;
    const minute = { namespace: 'AWS/SQS', statistic: 'Maximum', period: Duration.minutes(1) };
    expect(read(queue.metricOldestAge())).toMatchObject({ metricName: 'ApproximateAgeOfOldestMessage', ...minute });
    expect(read(queue.metricDepth())).toMatchObject({ metricName: 'ApproximateNumberOfMessagesVisible', ...minute });
    expect(read(queue.metricInFlight())).toMatchObject({
      metricName: 'ApproximateNumberOfMessagesNotVisible',
      ...minute,
    });
    expect(read(queue.metricDeadLetters({ period: Duration.hours(1) }))).toMatchObject({ period: Duration.hours(1) });
  });

  it('gives cdk-nag nothing to find', () => {
    const { stack } = createWorkQueue();
    expect(new AwsSolutionsChecks().validateScope(stack).violations).toEqual([]);
  });

  const WHOLE = 'must be a whole number between 1 and 100';
  it.each<[Partial<WorkQueueProps>, string]>([
    [{ attempts: 0 }, `attempts ${WHOLE}, got 0`],
    [{ attempts: 101 }, `attempts ${WHOLE}, got 101`],
    [{ attempts: -1 }, `attempts ${WHOLE}, got -1`],
    [{ attempts: 1.5 }, `attempts ${WHOLE}, got 1.5`],
    [{ attempts: Number.NaN }, `attempts ${WHOLE}, got NaN`],
    [{ attempts: Number.POSITIVE_INFINITY }, `attempts ${WHOLE}, got Infinity`],
    [
      { workerTimeout: Duration.seconds(0) },
      'workerTimeout must be whole seconds between 1 second and 15 minutes, got 0 seconds',
    ],
    [
      { workerTimeout: Duration.seconds(901) },
      'workerTimeout must be whole seconds between 1 second and 15 minutes, got 15 minutes 1 second',
    ],
    [
      { maxBatchingWindow: Duration.millis(500) },
      'maxBatchingWindow must be whole seconds between 0 seconds and 5 minutes, got 500 millis',
    ],
    [
      { retention: Duration.days(11) },
      'retention must be whole seconds between 1 hour and 10 days, got 11 days; a dead letter keeps its age, and SQS gives it 14 days in all',
    ],
    [
      { maxAge: Duration.seconds(2 * 86_400 + 1) },
      'maxAge must be whole seconds between 10 seconds and 2 days, got 2 days 1 second; there has to be time to mend a backlog before retention ends, and messages with it',
    ],
    [
      { maxAge: Duration.seconds(9) },
      'maxAge must be whole seconds between 10 seconds and 2 days, got 9 seconds; there has to be time to mend a backlog before retention ends, and messages with it',
    ],
  ])('fails on %o', (props, message) => {
    expect(() => createWorkQueue(props)).toThrow(`work queue 'video': ${message} [Stack/Videos]`);
  });

  it('fails on an order that is none, which would be no order', () => {
    expect(() => createWorkQueue({ order: 'fifo' as unknown as WorkOrder })).toThrow(
      "work queue 'video': order must be a WorkOrder, got 'fifo'; write WorkOrder.fifo() or WorkOrder.fair(), or leave it out [Stack/Videos]",
    );
  });

  it('fails on work that nobody knows', () => {
    expect(() => createWorkQueue({ name: 'vido' as 'video' })).toThrow(
      "work queue: name must be one of video, activity, got 'vido'; new work is named in lambdas/contract/work.ts [Stack/Videos]",
    );
  });
});
