import { Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { describe, expect, it } from 'vitest';
import { addAlarms } from '../../../lib/monitoring/add-alarms.ts';
import { AlarmTopic } from '../../../lib/monitoring/alarm-topic.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

describe('addAlarms', () => {
  it('makes one alarm per row, which tells of its beginning and its end, and takes silence for peace', () => {
    const stack = flaggedStack();
    const topic = new AlarmTopic(stack, 'Alarms');
    const metric = new Metric({ namespace: 'Spillway', metricName: 'Refused' });
    const alarms = addAlarms(stack, topic, [
      { id: 'First', description: 'one', metric, threshold: 1 },
      { id: 'Second', description: 'two', metric, threshold: 2, evaluationPeriods: 5, datapointsToAlarm: 3 },
    ]);
    expect(alarms.map(({ node }) => node.id)).toEqual(['First', 'Second']);
    const template = Template.fromStack(stack);
    const told = [stack.resolve(topic.topic.topicArn)];
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: told,
      OKActions: told,
      TreatMissingData: 'notBreaching',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmDescription: 'one', EvaluationPeriods: 1 });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: 'two',
      Threshold: 2,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
    });
  });
});
