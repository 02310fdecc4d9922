import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { EventStream } from '../../../lib/messaging/event-stream.ts';
import { StreamWorker } from '../../../lib/messaging/stream-worker.ts';
import { AlarmTopic } from '../../../lib/monitoring/alarm-topic.ts';
import { StreamWorkerAlarms } from '../../../lib/monitoring/stream-worker-alarms.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

function createAlarms(maxIteratorAge?: Duration) {
  const stack = flaggedStack();
  const worker = new StreamWorker(stack, 'Notify', {
    handler: 'workers/echo',
    handlersDirectory: FIXTURE_HANDLERS,
    description: 'Tells followers',
    source: new EventStream(stack, 'Events', { removalPolicy: RemovalPolicy.DESTROY }),
  });
  new StreamWorkerAlarms(stack, 'NotifyAlarms', {
    worker,
    action: new AlarmTopic(stack, 'Alarms'),
    ...(maxIteratorAge && { maxIteratorAge }),
  });
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

  it('takes another age', () => {
    createAlarms(Duration.seconds(1))
      .template()
      .hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'IteratorAge', Threshold: 1_000 });
  });

  it('fails on an age that every event has', () => {
    expect(() => createAlarms(Duration.millis(999))).toThrow(
      'alarms: maxIteratorAge must be between 1 second and 365 days, got 999 millis [Stack/NotifyAlarms]',
    );
  });
});
