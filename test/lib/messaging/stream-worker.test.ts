import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { EventStream } from '../../../lib/messaging/event-stream.ts';
import { StreamWorker, type StreamWorkerProps } from '../../../lib/messaging/stream-worker.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

function createWorker(props: Partial<StreamWorkerProps> = {}, retention = Duration.days(1)) {
  const stack = flaggedStack();
  const source = new EventStream(stack, 'Events', { retention, removalPolicy: RemovalPolicy.DESTROY });
  const worker = new StreamWorker(stack, 'Notify', {
    handler: 'workers/echo',
    handlersDirectory: FIXTURE_HANDLERS,
    description: 'Tells followers',
    source,
    ...props,
  });
  return { stack, source, worker, template: () => Template.fromStack(stack) };
}

const MAPPING = 'AWS::Lambda::EventSourceMapping';

describe('StreamWorker', () => {
  it('takes batches from the oldest event on, and gives up on one event instead of holding up all others', () => {
    const { template, stack, worker, source } = createWorker();
    template().hasResourceProperties(MAPPING, {
      EventSourceArn: stack.resolve(source.stream.streamArn),
      FunctionName: stack.resolve(worker.function.alias.functionName),
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      BatchSize: 100,
      ParallelizationFactor: 1,
      MaximumRetryAttempts: 30,
      MaximumRecordAgeInSeconds: 86_400,
      MaximumBatchingWindowInSeconds: 0,
      DestinationConfig: { OnFailure: { Destination: stack.resolve(worker.deadLetters.queueArn) } },
    });
  });

  it('measures what waits and what was given up, by the minute unless told otherwise', () => {
    const { worker } = createWorker();
    expect(worker.metricIteratorAge().toMetricConfig().metricStat).toMatchObject({
      namespace: 'AWS/Lambda',
      metricName: 'IteratorAge',
      statistic: 'Maximum',
      period: Duration.minutes(1),
    });
    const hourly = worker.metricDeadLetters({ period: Duration.hours(1) });
    expect(hourly.toMetricConfig().metricStat).toMatchObject({
      metricName: 'ApproximateNumberOfMessagesVisible',
      statistic: 'Maximum',
      period: Duration.hours(1),
    });
  });

  it('does as it is told where that differs', () => {
    const { template } = createWorker({
      batchSize: 10,
      maxBatchingWindow: Duration.seconds(3),
      parallelizationFactor: 10,
      retryAttempts: 0,
      maxRecordAge: Duration.hours(1),
    });
    template().hasResourceProperties(MAPPING, {
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 3,
      ParallelizationFactor: 10,
      MaximumRetryAttempts: 0,
      MaximumRecordAgeInSeconds: 3_600,
    });
  });

  it('stops trying after 7 days, which is as long as Lambda does, on a stream that keeps events longer', () => {
    createWorker({}, Duration.days(30))
      .template()
      .hasResourceProperties(MAPPING, { MaximumRecordAgeInSeconds: 604_800 });
  });

  it('keeps dead letters for two weeks in an encrypted queue that speaks TLS alone', () => {
    const { template } = createWorker();
    template().hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
    });
    template().hasResourceProperties('AWS::SQS::QueuePolicy', {
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
  });

  it('may read its stream and send to its queue, and nothing else of either', () => {
    const { template, stack, source, worker } = createWorker();
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: [
              'kinesis:DescribeStream',
              'kinesis:DescribeStreamSummary',
              'kinesis:GetRecords',
              'kinesis:GetShardIterator',
              'kinesis:ListShards',
            ],
            Resource: stack.resolve(source.stream.streamArn),
          },
          { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: stack.resolve(worker.deadLetters.queueArn) },
        ]),
      },
    });
  });

  const WHOLE = 'must be a whole number between';
  it.each<[string, Partial<StreamWorkerProps>, string]>([
    ['no batch', { batchSize: 0 }, `batchSize ${WHOLE} 1 and 10000, got 0`],
    ['too large a batch', { batchSize: 10_001 }, `batchSize ${WHOLE} 1 and 10000, got 10001`],
    ['no parallelization', { parallelizationFactor: 0 }, `parallelizationFactor ${WHOLE} 1 and 10, got 0`],
    ['too much of it', { parallelizationFactor: 11 }, `parallelizationFactor ${WHOLE} 1 and 10, got 11`],
    ['retries without end', { retryAttempts: -1 }, `retryAttempts ${WHOLE} 0 and 10000, got -1`],
    ['a retry that is no number', { retryAttempts: Number.NaN }, `retryAttempts ${WHOLE} 0 and 10000, got NaN`],
    [
      'a long wait',
      { maxBatchingWindow: Duration.seconds(301) },
      'maxBatchingWindow must be whole seconds between 0 seconds and 5 minutes, got 5 minutes 1 second',
    ],
    [
      'events older than the stream keeps them',
      { maxRecordAge: Duration.hours(25) },
      'maxRecordAge must be whole seconds between 1 minute and 1 day, got 1 day 1 hour; the stream keeps events no longer than its retention, and Lambda retries for 7 days at most',
    ],
  ])('fails on %s', (_name, props, message) => {
    expect(() => createWorker(props)).toThrow(`worker 'workers/echo': ${message} [Stack/Notify]`);
  });
});
