import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { describe, expect, it } from 'vitest';
import { EventStream } from '../../../lib/messaging/event-stream.ts';
import { FailedRecords } from '../../../lib/messaging/failed-records.ts';
import { FailedRecordsBucket } from '../../../lib/messaging/failed-records-bucket.ts';
import { StreamWorker, type StreamWorkerProps } from '../../../lib/messaging/stream-worker.ts';
import { AlarmTopic } from '../../../lib/monitoring/alarm-topic.ts';
import { StreamWorkerAlarms } from '../../../lib/monitoring/stream-worker-alarms.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';
import { runbookSections } from '../../support/messaging-rules.ts';

function createAlarms(props: Partial<StreamWorkerProps> = {}, stack: Stack = flaggedStack()) {
  const worker = new StreamWorker(stack, 'Notify', {
    handler: 'workers/echo',
    handlersDirectory: FIXTURE_HANDLERS,
    description: 'Tells followers',
    source: new EventStream(stack, 'Events', { removalPolicy: RemovalPolicy.DESTROY }),
    ...props,
  });
  new StreamWorkerAlarms(stack, 'NotifyAlarms', { worker, action: new AlarmTopic(stack, 'Alarms') });
  return { stack, worker, template: () => Template.fromStack(stack) };
}

const ALARM = 'AWS::CloudWatch::Alarm';

const idsOf = (template: Template) =>
  Object.keys(template.findResources(ALARM))
    .map((id) => /^NotifyAlarms([A-Za-z]+?)[0-9A-F]{8}$/.exec(id)?.[1])
    .toSorted();

const sumOf = (id: string, namespace: string, name: string, dimension: object) =>
  Match.objectLike({
    Id: id,
    MetricStat: {
      Metric: { Namespace: namespace, MetricName: name, Dimensions: [dimension] },
      Period: 300,
      Stat: 'Sum',
    },
  });

describe('StreamWorkerAlarms', () => {
  it('rings when events have waited 5 minutes for 5 minutes', () => {
    const { template, stack, worker } = createAlarms();
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Lambda',
      MetricName: 'IteratorAge',
      Dimensions: [{ Name: 'FunctionName', Value: stack.resolve(worker.function.function.functionName) }],
      Statistic: 'Maximum',
      Threshold: 300_000,
      EvaluationPeriods: 5,
    });
  });

  it('rings at the first dead letter', () => {
    const { template, stack, worker } = createAlarms();
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: stack.resolve(worker.deadLetters.queueName) }],
      Threshold: 1,
      EvaluationPeriods: 1,
    });
  });

  it('rings at the lag that the worker may have', () => {
    createAlarms({ maxLag: Duration.seconds(1) })
      .template()
      .hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'IteratorAge', Threshold: 1_000 });
  });

  it('leaves records that are kept in a bucket to the alarm of the bucket', () => {
    const stack = flaggedStack();
    const bucket = new FailedRecordsBucket(stack, 'Failed', { removalPolicy: RemovalPolicy.DESTROY });
    const { template } = createAlarms({ failedRecords: FailedRecords.inBucket(bucket) }, stack);
    expect(idsOf(template())).toEqual(['IteratorAge', 'Stalled', 'UndeliveredFailures']);
  });

  it('rings when events arrive for 15 minutes and the function is never called, which has no iterator age', () => {
    const { template, stack, worker } = createAlarms();
    template().hasResourceProperties(ALARM, {
      Metrics: [
        Match.objectLike({ Expression: 'IF(FILL(arrived, 0) > 0 AND FILL(called, 0) == 0, 1, 0)' }),
        sumOf('arrived', 'AWS/Kinesis', 'IncomingRecords', {
          Name: 'StreamName',
          Value: stack.resolve((worker.source as EventStream).stream.streamName),
        }),
        sumOf('called', 'AWS/Lambda', 'Invocations', {
          Name: 'FunctionName',
          Value: stack.resolve(worker.function.function.functionName),
        }),
      ],
      Threshold: 1,
      EvaluationPeriods: 3,
      TreatMissingData: 'notBreaching',
    });
  });

  it('takes what is written to a table for what arrives', () => {
    const stack = flaggedStack();
    const source = new TableV2(stack, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      dynamoStream: StreamViewType.NEW_IMAGE,
    });
    const dimension = { Name: 'TableName', Value: stack.resolve(source.tableName) };
    createAlarms({ source }, stack)
      .template()
      .hasResourceProperties(ALARM, {
        Metrics: Match.arrayWith([sumOf('arrived', 'AWS/DynamoDB', 'ConsumedWriteCapacityUnits', dimension)]),
      });
  });

  it('does not wait for calls of a worker that may pass over all that arrives', () => {
    const { template } = createAlarms({ filters: [{ data: { type: ['FeedUpdated'] } }] });
    expect(idsOf(template())).toEqual(['DeadLetters', 'IteratorAge', 'UndeliveredFailures']);
  });

  it('rings at the first record that was given up and could not be left anywhere', () => {
    const { template, stack, worker } = createAlarms();
    template().hasResourceProperties(ALARM, {
      Namespace: 'AWS/Lambda',
      MetricName: 'DestinationDeliveryFailures',
      Dimensions: [{ Name: 'FunctionName', Value: stack.resolve(worker.function.function.functionName) }],
      Statistic: 'Sum',
      Threshold: 1,
      EvaluationPeriods: 1,
    });
  });

  it('names a section of the runbook in each', () => {
    const sections = runbookSections();
    const alarms = Object.values(createAlarms().template().findResources(ALARM));
    for (const { Properties } of alarms) {
      expect(sections).toContain(/docs\/runbooks\/(\S+)$/.exec(Properties.AlarmDescription)?.[1]);
    }
  });
});
