import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, it } from 'vitest';
import { FailedRecordsBucket } from '../../../lib/messaging/failed-records-bucket.ts';
import { AlarmTopic } from '../../../lib/monitoring/alarm-topic.ts';
import { FailedRecordsAlarms } from '../../../lib/monitoring/failed-records-alarms.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

describe('FailedRecordsAlarms', () => {
  it('rings at the first batch that was given up', () => {
    const stack = flaggedStack();
    const failedRecords = new FailedRecordsBucket(stack, 'Failed', { removalPolicy: RemovalPolicy.DESTROY });
    new FailedRecordsAlarms(stack, 'FailedAlarms', { failedRecords, action: new AlarmTopic(stack, 'Alarms') });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: stack.resolve(failedRecords.notices.queueName) }],
      Threshold: 1,
      EvaluationPeriods: 1,
      AlarmDescription: Match.stringLikeRegexp('docs/runbooks/messaging.md#failed-records$'),
    });
  });
});
