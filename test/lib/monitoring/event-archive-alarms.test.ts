import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, it } from 'vitest';
import { EventArchive } from '../../../lib/messaging/event-archive.ts';
import { EventStream } from '../../../lib/messaging/event-stream.ts';
import { AlarmTopic } from '../../../lib/monitoring/alarm-topic.ts';
import { EventArchiveAlarms } from '../../../lib/monitoring/event-archive-alarms.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

function createAlarms() {
  const stack = flaggedStack();
  const archive = new EventArchive(stack, 'Archive', {
    source: new EventStream(stack, 'Events', { removalPolicy: RemovalPolicy.DESTROY }),
    retention: Duration.days(30),
    bufferInterval: Duration.minutes(10),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  new EventArchiveAlarms(stack, 'ArchiveAlarms', { archive, action: new AlarmTopic(stack, 'Alarms') });
  return { stack, archive, template: Template.fromStack(stack) };
}

const ALARM = 'AWS::CloudWatch::Alarm';
const runbook = (anchor: string) => Match.stringLikeRegexp(`docs/runbooks/messaging.md#${anchor}$`);

describe('EventArchiveAlarms', () => {
  it('rings when an event waits for twice as long as an object is gathered', () => {
    const { template, stack, archive } = createAlarms();
    template.hasResourceProperties(ALARM, {
      Namespace: 'AWS/Firehose',
      MetricName: 'DeliveryToS3.DataFreshness',
      Dimensions: [{ Name: 'DeliveryStreamName', Value: stack.resolve(archive.deliveryStreamName) }],
      Threshold: 1_200,
      EvaluationPeriods: 3,
      AlarmDescription: runbook('archive-freshness'),
    });
  });

  it('rings when a tenth of the writes fails', () => {
    createAlarms().template.hasResourceProperties(ALARM, {
      Metrics: Match.arrayWith([Match.objectLike({ Expression: '1 - success' })]),
      Threshold: 0.1,
      EvaluationPeriods: 3,
      AlarmDescription: runbook('archive-failures'),
    });
  });

  it('rings when events arrive and none is read', () => {
    createAlarms().template.hasResourceProperties(ALARM, {
      Metrics: Match.arrayWith([Match.objectLike({ Expression: Match.stringLikeRegexp('^IF') })]),
      Threshold: 1,
      EvaluationPeriods: 3,
      AlarmDescription: runbook('archive-stalled'),
    });
  });
});
