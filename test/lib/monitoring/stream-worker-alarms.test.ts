import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, it } from 'vitest';
import { EventStream } from '../../../lib/messaging/event-stream.ts';
import { FailedRecords } from '../../../lib/messaging/failed-records.ts';
import { FailedRecordsBucket } from '../../../lib/messaging/failed-records-bucket.ts';
import { StreamWorker, type StreamWorkerProps } from '../../../lib/messaging/stream-worker.ts';
import { AlarmTopic } from '../../../lib/monitoring/alarm-topic.ts';
import { StreamWorkerAlarms } from '../../../lib/monitoring/stream-worker-alarms.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

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
    template().resourceCountIs('AWS::CloudWatch::Alarm', 1);
  });
});
