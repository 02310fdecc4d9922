import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { describe, expect, it } from 'vitest';
import { FailedRecords } from '../../../lib/messaging/failed-records.ts';
import { FailedRecordsBucket } from '../../../lib/messaging/failed-records-bucket.ts';
import { StreamWorker } from '../../../lib/messaging/stream-worker.ts';
import { AlarmTopic } from '../../../lib/monitoring/alarm-topic.ts';
import { RelayAlarms } from '../../../lib/monitoring/relay-alarms.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';
import { runbookSections } from '../../support/messaging-rules.ts';

function createAlarms(failedRecords: FailedRecords, stack: Stack = flaggedStack()) {
  const worker = new StreamWorker(stack, 'Relay', {
    handler: 'workers/echo',
    handlersDirectory: FIXTURE_HANDLERS,
    description: 'Publishes what was accepted',
    source: new TableV2(stack, 'Outbox', {
      partitionKey: { name: 'aggregate', type: AttributeType.STRING },
      dynamoStream: StreamViewType.NEW_IMAGE,
    }),
    maxLag: Duration.minutes(1),
    failedRecords,
  });
  new RelayAlarms(stack, 'RelayAlarms', { relay: { worker }, action: new AlarmTopic(stack, 'Alarms') });
  return { stack, worker, template: Template.fromStack(stack) };
}

const ALARM = 'AWS::CloudWatch::Alarm';

describe('RelayAlarms', () => {
  it('rings when what was accepted is not published in time, and when it cannot be', () => {
    const { template, stack, worker } = createAlarms(FailedRecords.inQueue());
    template.hasResourceProperties(ALARM, {
      MetricName: 'IteratorAge',
      Dimensions: [{ Name: 'FunctionName', Value: stack.resolve(worker.function.function.functionName) }],
      Threshold: 60_000,
      EvaluationPeriods: 3,
      AlarmDescription: Match.stringLikeRegexp('docs/runbooks/messaging.md#relay-lag$'),
    });
    template.hasResourceProperties(ALARM, {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: stack.resolve(worker.deadLetters.queueName) }],
      Threshold: 1,
      AlarmDescription: Match.stringLikeRegexp('docs/runbooks/messaging.md#relay-dead-letters$'),
    });
  });

  it('leaves records that are kept in a bucket to the alarm of the bucket', () => {
    const stack = flaggedStack();
    const bucket = new FailedRecordsBucket(stack, 'Failed', { removalPolicy: RemovalPolicy.DESTROY });
    const { template } = createAlarms(FailedRecords.inBucket(bucket), stack);
    expect(Object.keys(template.findResources(ALARM)).toSorted()).toEqual([
      expect.stringMatching(/^RelayAlarmsLag/),
      expect.stringMatching(/^RelayAlarmsStalled/),
      expect.stringMatching(/^RelayAlarmsUndeliveredFailures/),
    ]);
  });

  it('rings when the outbox is written to for 15 minutes and nobody publishes', () => {
    const { template, stack, worker } = createAlarms(FailedRecords.inQueue());
    const metric = (id: string, MetricName: string, Name: string, Value: string) =>
      Match.objectLike({
        Id: id,
        MetricStat: Match.objectLike({
          Metric: Match.objectLike({ MetricName, Dimensions: [{ Name, Value: stack.resolve(Value) }] }),
          Stat: 'Sum',
        }),
      });
    template.hasResourceProperties(ALARM, {
      Metrics: [
        Match.objectLike({ Expression: 'IF(FILL(arrived, 0) > 0 AND FILL(called, 0) == 0, 1, 0)' }),
        metric('arrived', 'ConsumedWriteCapacityUnits', 'TableName', (worker.source as TableV2).tableName),
        metric('called', 'Invocations', 'FunctionName', worker.function.function.functionName),
      ],
      Threshold: 1,
      EvaluationPeriods: 3,
      AlarmDescription: Match.stringLikeRegexp('docs/runbooks/messaging.md#relay-stalled$'),
    });
  });

  it('rings at the first entry that was given up and could not be left anywhere', () => {
    const { template, stack, worker } = createAlarms(FailedRecords.inQueue());
    template.hasResourceProperties(ALARM, {
      MetricName: 'DestinationDeliveryFailures',
      Dimensions: [{ Name: 'FunctionName', Value: stack.resolve(worker.function.function.functionName) }],
      Threshold: 1,
      EvaluationPeriods: 1,
    });
  });

  it('names a section of the runbook in each', () => {
    const sections = runbookSections();
    for (const { Properties } of Object.values(createAlarms(FailedRecords.inQueue()).template.findResources(ALARM))) {
      expect(sections).toContain(/docs\/runbooks\/(\S+)$/.exec(Properties.AlarmDescription)?.[1]);
    }
  });
});
