import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { describe, it } from 'vitest';
import { ParkingLot } from '../../../lib/api/parking-lot.ts';
import { ServiceFunction } from '../../../lib/compute/service-function.ts';
import { AlarmTopic } from '../../../lib/monitoring/alarm-topic.ts';
import { ParkingLotAlarms } from '../../../lib/monitoring/parking-lot-alarms.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

function createAlarms() {
  const stack = flaggedStack();
  const parking = new ParkingLot(stack, 'Parking', {
    service: new ServiceFunction(stack, 'Shop', {
      handler: 'services/echo',
      handlersDirectory: FIXTURE_HANDLERS,
      description: 'Sells things',
    }),
    table: new TableV2(stack, 'Parked', { partitionKey: { name: 'parkedId', type: AttributeType.STRING } }),
  });
  new ParkingLotAlarms(stack, 'ParkingAlarms', { parking, action: new AlarmTopic(stack, 'Alarms') });
  return { stack, parking, template: Template.fromStack(stack) };
}

describe('ParkingLotAlarms', () => {
  it('rings when a message is older than any request that may wait, for 5 minutes', () => {
    const { template, stack, parking } = createAlarms();
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: [{ Name: 'QueueName', Value: stack.resolve(parking.queue.queueName) }],
      Threshold: 4_500,
      EvaluationPeriods: 5,
    });
  });

  it('rings at the first dead letter', () => {
    const { template, stack, parking } = createAlarms();
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: stack.resolve(parking.deadLetters.queueName) }],
      Threshold: 1,
      EvaluationPeriods: 1,
    });
  });
});
