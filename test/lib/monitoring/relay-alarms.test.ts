import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { describe, it } from 'vitest';
import { FailedRecords } from '../../../lib/messaging/failed-records.ts';
import { FailedRecordsBucket } from '../../../lib/messaging/failed-records-bucket.ts';
import { StreamWorker } from '../../../lib/messaging/stream-worker.ts';
import { AlarmTopic } from '../../../lib/monitoring/alarm-topic.ts';
import { RelayAlarms } from '../../../lib/monitoring/relay-alarms.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

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
    createAlarms(FailedRecords.inBucket(bucket), stack).template.resourceCountIs(ALARM, 1);
  });
});
