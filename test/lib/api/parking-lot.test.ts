import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { describe, expect, it } from 'vitest';
import { ParkingLot, type ParkingLotProps } from '../../../lib/api/parking-lot.ts';
import { ServiceFunction } from '../../../lib/compute/service-function.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

function createLot(
  props: Partial<ParkingLotProps> = {},
  options: { readonly timeout?: Duration; readonly reservedConcurrency?: number } = {},
) {
  const stack = flaggedStack();
  const service = new ServiceFunction(stack, 'Shop', {
    handler: 'services/echo',
    handlersDirectory: FIXTURE_HANDLERS,
    description: 'Sells things',
    ...options,
  });
  const table = new TableV2(stack, 'Parked', { partitionKey: { name: 'parkedId', type: AttributeType.STRING } });
  const lot = new ParkingLot(stack, 'Parking', { service, table, ...props });
  return { stack, service, table, lot, template: () => Template.fromStack(stack) };
}

describe('ParkingLot', () => {
  it('keeps requests encrypted, for longer than any may wait, and unseen for six times the function’s time', () => {
    const { template, stack, lot } = createLot({}, { timeout: Duration.seconds(20) });
    template().hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MaximumMessageSize: 1_048_576,
      MessageRetentionPeriod: 3_600 + 900 + 3_600,
      VisibilityTimeout: 120,
      RedrivePolicy: { deadLetterTargetArn: stack.resolve(lot.deadLetters.queueArn), maxReceiveCount: 1_000 },
    });
  });

  it('keeps what nobody can read for two weeks', () => {
    const { template } = createLot();
    template().hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
      RedrivePolicy: Match.absent(),
    });
  });

  it('speaks TLS alone, with both queues', () => {
    const { template } = createLot();
    template().resourceCountIs('AWS::SQS::QueuePolicy', 2);
    template().allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Effect: 'Deny',
            Action: 'sqs:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ],
      },
    });
  });

  it('has the service consume its own queue, a few at a time, and name what comes back', () => {
    const { template, stack, service, lot } = createLot();
    template().hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: stack.resolve(lot.queue.queueArn),
      FunctionName: stack.resolve(service.alias.functionName),
      BatchSize: 5,
      ScalingConfig: { MaximumConcurrency: 10 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('permits what parking and taking up need, and nothing else', () => {
    const { template, stack, table, lot } = createLot();
    const statements = Object.values(template().findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => /^(?:sqs|dynamodb):/.test([Action].flat()[0]));
    expect(statements).toEqual([
      {
        Effect: 'Allow',
        Action: [
          'sqs:ChangeMessageVisibility',
          'sqs:DeleteMessage',
          'sqs:GetQueueAttributes',
          'sqs:ReceiveMessage',
          'sqs:SendMessage',
        ],
        Resource: stack.resolve(lot.queue.queueArn),
      },
      {
        Effect: 'Allow',
        Action: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        Resource: stack.resolve(table.tableArn),
      },
    ]);
  });

  it('tells the function where it parks', () => {
    const { template, stack, table, lot } = createLot();
    template().hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          SPILLWAY_PARKING_QUEUE: stack.resolve(lot.queue.queueUrl),
          SPILLWAY_PARKED_TABLE: stack.resolve(table.tableName),
        }),
      },
    });
  });

  it('does as it is told where that differs', () => {
    const { template } = createLot({ maxConcurrency: 2, batchSize: 10, removalPolicy: RemovalPolicy.RETAIN });
    template().hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    template().allResources('AWS::SQS::Queue', { DeletionPolicy: 'Retain' });
  });

  it('measures how long requests wait and what could not be read, by the minute unless told otherwise', () => {
    const { lot } = createLot();
    expect(lot.metricOldestAge().toMetricConfig().metricStat).toMatchObject({
      metricName: 'ApproximateAgeOfOldestMessage',
      statistic: 'Maximum',
      period: Duration.minutes(1),
    });
    expect(lot.metricDeadLetters({ period: Duration.hours(1) }).toMetricConfig().metricStat).toMatchObject({
      metricName: 'ApproximateNumberOfMessagesVisible',
      period: Duration.hours(1),
    });
  });

  const WHOLE = 'must be a whole number between';
  it.each<[string, Partial<ParkingLotProps>, string]>([
    ['less concurrency than SQS knows', { maxConcurrency: 1 }, `maxConcurrency ${WHOLE} 2 and 1000, got 1`],
    ['more than it knows', { maxConcurrency: 1_001 }, `maxConcurrency ${WHOLE} 2 and 1000, got 1001`],
    ['one that is no number', { maxConcurrency: Number.NaN }, `maxConcurrency ${WHOLE} 2 and 1000, got NaN`],
    ['no batch', { batchSize: 0 }, `batchSize ${WHOLE} 1 and 10, got 0`],
    ['a batch that needs a window', { batchSize: 11 }, `batchSize ${WHOLE} 1 and 10, got 11`],
    ['half a message', { batchSize: 1.5 }, `batchSize ${WHOLE} 1 and 10, got 1.5`],
  ])('fails on %s', (_name, props, message) => {
    expect(() => createLot(props)).toThrow(`parking of 'services/echo': ${message} [Stack/Parking]`);
  });

  it('takes up parked requests with at most half of what the function reserves', () => {
    const { template } = createLot({}, { reservedConcurrency: 12 });
    template().hasResourceProperties('AWS::Lambda::EventSourceMapping', { ScalingConfig: { MaximumConcurrency: 6 } });
    expect(() => createLot({ maxConcurrency: 7 }, { reservedConcurrency: 12 })).toThrow(
      `parking of 'services/echo': maxConcurrency ${WHOLE} 2 and 6, got 7; at most half of what the function reserves [Stack/Parking]`,
    );
  });
});
