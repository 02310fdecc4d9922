import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { EventStream } from '../../../lib/messaging/event-stream.ts';
import { FailedRecords } from '../../../lib/messaging/failed-records.ts';
import { FailedRecordsBucket } from '../../../lib/messaging/failed-records-bucket.ts';
import { StreamWorker, type StreamWorkerProps } from '../../../lib/messaging/stream-worker.ts';
import { allowedActions } from '../../support/allowed-actions.ts';
import { FIXTURE_HANDLERS, flaggedApp, flaggedStack } from '../../support/flagged-app.ts';

function createWorker(
  props: Partial<StreamWorkerProps> = {},
  retention = Duration.days(1),
  stack: Stack = flaggedStack(),
) {
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

function createTable(stack: Stack, dynamoStream?: StreamViewType) {
  return new TableV2(stack, 'Outbox', {
    partitionKey: { name: 'aggregate', type: AttributeType.STRING },
    ...(dynamoStream && { dynamoStream }),
  });
}

function createTableWorker(props: Partial<StreamWorkerProps> = {}, dynamoStream?: StreamViewType) {
  const stack = flaggedStack();
  const source = createTable(stack, dynamoStream);
  return createWorker({ source, ...props }, undefined, stack);
}

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
      // An hour before the stream trims it.
      MaximumRecordAgeInSeconds: 82_800,
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

  it.each([
    [7 * 24, 601_200],
    [7 * 24 + 1, 604_800],
    [30 * 24, 604_800],
  ])('stops trying an hour before %d hours of retention end, and after 7 days as Lambda does', (hours, seconds) => {
    createWorker({}, Duration.hours(hours))
      .template()
      .hasResourceProperties(MAPPING, { MaximumRecordAgeInSeconds: seconds });
  });

  it('says whether it passes over anything', () => {
    expect(createWorker().worker.isFiltered).toBe(false);
    expect(createWorker({ filters: [] }).worker.isFiltered).toBe(false);
    expect(createWorker({ filters: [{ data: { type: ['FeedUpdated'] } }] }).worker.isFiltered).toBe(true);
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

  it('carries a state over spans of time, and passes over what it does not want, where it is told to', () => {
    const { template } = createWorker({
      tumblingWindow: Duration.minutes(1),
      filters: [{ data: { type: ['FeedUpdated'] } }],
    });
    template().hasResourceProperties(MAPPING, {
      TumblingWindowInSeconds: 60,
      FilterCriteria: { Filters: [{ Pattern: '{"data":{"type":["FeedUpdated"]}}' }] },
    });
  });

  it('has a throughput of its own where it is told to, by a consumer whose records alone it may subscribe to', () => {
    const { template, stack, source, worker } = createWorker({ fanOut: true });
    const [[consumer, { Properties }]] = Object.entries(template().findResources('AWS::Kinesis::StreamConsumer')) as [
      [string, { Properties: unknown }],
    ];
    expect(Properties).toEqual({
      ConsumerName: expect.stringMatching(/^Stack-Notify-[0-9A-F]{8}$/),
      StreamARN: stack.resolve(source.stream.streamArn),
    });
    template().hasResourceProperties(MAPPING, { EventSourceArn: { 'Fn::GetAtt': [consumer, 'ConsumerARN'] } });
    expect(allowedActions(stack, template(), worker.function)).toMatchObject({
      [consumer]: ['kinesis:DescribeStreamConsumer', 'kinesis:SubscribeToShard'],
    });
  });

  it('may be five minutes behind unless told otherwise', () => {
    expect(createWorker().worker.maxLag.toSeconds()).toBe(300);
    expect(createWorker({ maxLag: Duration.seconds(10) }).worker.maxLag.toSeconds()).toBe(10);
  });

  it('keeps the records that it gave up in a bucket, where it may write below the prefix of Lambda and no more', () => {
    const stack = flaggedStack();
    const failed = new FailedRecordsBucket(stack, 'Failed', { removalPolicy: RemovalPolicy.DESTROY });
    const { template, worker } = createWorker({ failedRecords: FailedRecords.inBucket(failed) }, undefined, stack);
    const bucket = stack.resolve(failed.bucket.bucketArn)['Fn::GetAtt'][0];
    template().hasResource(MAPPING, {
      Properties: { DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [bucket, 'Arn'] } } } },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^NotifyFailedRecordsPolicy')]),
    });
    expect(allowedActions(stack, template(), worker.function)).toMatchObject({
      [`${bucket}/aws/lambda/*`]: ['s3:PutObject'],
      [bucket]: ['s3:ListBucket'],
    });
    expect(worker.deadLetters).toBe(failed.notices);
  });

  it.each(['the same stack', 'another stack'])('gives cdk-nag nothing to find, with a bucket in %s', (place) => {
    const app = flaggedApp();
    const stack = new Stack(app, 'Stack');
    const other = place === 'the same stack' ? stack : new Stack(app, 'Data');
    const failed = new FailedRecordsBucket(other, 'Failed', { removalPolicy: RemovalPolicy.DESTROY });
    createWorker({ failedRecords: FailedRecords.inBucket(failed), fanOut: true }, undefined, stack);
    app.synth();
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  });

  it('may read the stream of a table, as much as CreateEventSourceMapping asks for', () => {
    const { stack, template, worker } = createTableWorker({}, StreamViewType.NEW_IMAGE);
    const mapping = Object.values(template().findResources(MAPPING))[0]?.Properties;
    expect(mapping).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^Outbox/), 'StreamArn'] },
      StartingPosition: 'TRIM_HORIZON',
      MaximumRecordAgeInSeconds: 82_800,
    });
    expect(allowedActions(stack, template(), worker.function)).toMatchObject({
      [`${mapping.EventSourceArn['Fn::GetAtt'][0]}/stream`]: [
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      ],
    });
  });

  it.each<[string, Partial<StreamWorkerProps>, StreamViewType | undefined, string]>([
    [
      'a table without a stream',
      {},
      undefined,
      'source must be an EventStream or a table with a stream, got one without; give the table a dynamoStream',
    ],
    [
      'fan-out of a table',
      { fanOut: true },
      StreamViewType.NEW_IMAGE,
      'fanOut is for an EventStream, and the source is a table; remove it',
    ],
    [
      'changes as old as the stream of a table keeps them',
      { maxRecordAge: Duration.hours(24) },
      StreamViewType.NEW_IMAGE,
      'maxRecordAge must be whole seconds between 1 minute and 23 hours, got 1 day; what the stream trims cannot be left with the failed records any more, and Lambda retries for 7 days at most',
    ],
  ])('fails on %s', (_name, props, view, message) => {
    expect(() => createTableWorker(props, view)).toThrow(`worker 'workers/echo': ${message} [Stack/Notify]`);
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
      'a window of no length',
      { tumblingWindow: Duration.seconds(0) },
      'tumblingWindow must be whole seconds between 1 second and 15 minutes, got 0 seconds',
    ],
    [
      'a long window',
      { tumblingWindow: Duration.minutes(16) },
      'tumblingWindow must be whole seconds between 1 second and 15 minutes, got 16 minutes',
    ],
    [
      'a lag that every event has',
      { maxLag: Duration.millis(999) },
      'maxLag must be between 1 second and 1 day, got 999 millis; what is older than the retention is lost',
    ],
    [
      'a lag at which events are lost',
      { maxLag: Duration.hours(25) },
      'maxLag must be between 1 second and 1 day, got 1 day 1 hour; what is older than the retention is lost',
    ],
    ['many filters', { filters: [{}, {}, {}, {}, {}, {}] }, 'filters must be at most 5, got 6'],
    [
      'events as old as the stream keeps them',
      { maxRecordAge: Duration.hours(24) },
      'maxRecordAge must be whole seconds between 1 minute and 23 hours, got 1 day; what the stream trims cannot be left with the failed records any more, and Lambda retries for 7 days at most',
    ],
  ])('fails on %s', (_name, props, message) => {
    expect(() => createWorker(props)).toThrow(`worker 'workers/echo': ${message} [Stack/Notify]`);
  });
});
