import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { AlarmTopic } from '../../../lib/monitoring/alarm-topic.ts';
import { WorkQueueAlarms, type WorkQueueAlarmsProps } from '../../../lib/monitoring/work-queue-alarms.ts';
import { createWorkQueue } from '../../support/messaging-stack.ts';

function createAlarms(props: Partial<WorkQueueAlarmsProps> = {}) {
  const made = createWorkQueue();
  const { stack, queue } = made;
  new WorkQueueAlarms(stack, 'VideoAlarms', { queue, action: new AlarmTopic(stack, 'Alarms'), ...props });
  return made;
}

const ALARM = 'AWS::CloudWatch::Alarm';

describe('WorkQueueAlarms', () => {
  it('rings when the oldest message is older than its budget for 5 minutes', () => {
    const { template, stack, queue } = createAlarms();
    template().hasResourceProperties(ALARM, {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: [{ Name: 'QueueName', Value: stack.resolve(queue.queue.queueName) }],
      Statistic: 'Maximum',
      Threshold: 300,
      EvaluationPeriods: 5,
      AlarmDescription: Match.stringLikeRegexp('docs/runbooks/messaging.md#work-queue-oldest-age$'),
    });
  });

  it.each([
    [{}, 10_000],
    [{ maxDepth: 7 }, 7],
  ])('rings when many messages wait for 5 minutes, given %o', (props, Threshold) => {
    const { template, stack, queue } = createAlarms(props);
    template().hasResourceProperties(ALARM, {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: stack.resolve(queue.queue.queueName) }],
      Threshold,
      EvaluationPeriods: 5,
    });
  });

  it('rings at the first dead letter', () => {
    const { template, stack, queue } = createAlarms();
    template().hasResourceProperties(ALARM, {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: stack.resolve(queue.deadLetters.queueName) }],
      Threshold: 1,
      EvaluationPeriods: 1,
    });
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on a depth of %d', (maxDepth) => {
    expect(() => createAlarms({ maxDepth })).toThrow(
      `alarms of work 'video': maxDepth must be a whole number of at least 1, got ${maxDepth} [Stack/VideoAlarms]`,
    );
  });
});
