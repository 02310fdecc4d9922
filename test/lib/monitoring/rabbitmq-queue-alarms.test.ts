import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { Network } from '../../../lib/data/network.ts';
import { RabbitBroker } from '../../../lib/messaging/rabbitmq-broker.ts';
import { RabbitQueue } from '../../../lib/messaging/rabbitmq-queue.ts';
import { AlarmTopic } from '../../../lib/monitoring/alarm-topic.ts';
import { RabbitQueueAlarms } from '../../../lib/monitoring/rabbitmq-queue-alarms.ts';
import { BROKER_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

function alarmsOf(maxDepth?: number): Template {
  const stack = flaggedStack();
  const broker = new RabbitBroker(stack, 'Broker', {
    network: new Network(stack, 'Network'),
    logRetention: RetentionDays.ONE_WEEK,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const queue = new RabbitQueue(stack, 'Videos', {
    name: 'video',
    workerTimeout: Duration.minutes(1),
    broker,
    handlersDirectory: BROKER_HANDLERS,
  });
  const action = new AlarmTopic(stack, 'Topic');
  new RabbitQueueAlarms(stack, 'Alarms', { queue, action, ...(maxDepth !== undefined && { maxDepth }) });
  return Template.fromStack(stack);
}

describe('RabbitQueueAlarms', () => {
  it('ring for what waits in the queue, and for what is among its dead letters', () => {
    const alarms = Object.values(alarmsOf().findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => ({
      metric: Properties.MetricName,
      queue: Properties.Dimensions.find(({ Name }: { readonly Name: string }) => Name === 'Queue').Value,
      threshold: Properties.Threshold,
      periods: Properties.EvaluationPeriods,
      runbook: /docs\/runbooks\/(\S+)$/.exec(Properties.AlarmDescription)?.[1],
    }));
    expect(alarms).toEqual([
      {
        metric: 'MessageReadyCount',
        queue: 'video',
        threshold: 1_000,
        periods: 5,
        runbook: 'messaging.md#rabbitmq-depth',
      },
      {
        metric: 'MessageCount',
        queue: 'video.dead',
        threshold: 1,
        periods: 1,
        runbook: 'messaging.md#rabbitmq-dead-letters',
      },
    ]);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on a depth of %d', (maxDepth) => {
    expect(() => alarmsOf(maxDepth)).toThrow(`alarms of work 'video': maxDepth must be a whole number`);
  });
});
