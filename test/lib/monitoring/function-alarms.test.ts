import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ServiceFunction } from '../../../lib/compute/service-function.ts';
import { AlarmTopic } from '../../../lib/monitoring/alarm-topic.ts';
import { FunctionAlarms, type FunctionAlarmsProps } from '../../../lib/monitoring/function-alarms.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

function createAlarms(props: Partial<FunctionAlarmsProps> = {}) {
  const stack = flaggedStack();
  const target = new ServiceFunction(stack, 'Echo', {
    handler: 'services/echo',
    handlersDirectory: FIXTURE_HANDLERS,
    description: 'Answers what it is asked',
  });
  new FunctionAlarms(stack, 'EchoAlarms', { function: target, action: new AlarmTopic(stack, 'Alarms'), ...props });
  return {
    template: () => Template.fromStack(stack),
    dimension: { Name: 'FunctionName', Value: stack.resolve(target.function.functionName) },
  };
}

describe('FunctionAlarms', () => {
  it.each(['Errors', 'Throttles'])(
    'rings on 5 %s of the function in 5 minutes, and says where to look',
    (MetricName) => {
      const { template, dimension } = createAlarms();
      template().hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'AWS/Lambda',
        MetricName,
        Dimensions: [dimension],
        Statistic: 'Sum',
        Period: 300,
        Threshold: 5,
        AlarmDescription: Match.stringLikeRegexp('^services/echo: 5 or more invocations .*;'),
      });
    },
  );

  it('rings earlier where that is asked for', () => {
    const { template } = createAlarms({ errorsPerFiveMinutes: 1, throttlesPerFiveMinutes: 2 });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Errors', Threshold: 1 });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Throttles', Threshold: 2 });
  });

  it.each([0, -1, 1.5, Number.NaN])('fails on a threshold of %d', (threshold) => {
    for (const name of ['errorsPerFiveMinutes', 'throttlesPerFiveMinutes']) {
      expect(() => createAlarms({ [name]: threshold })).toThrow(
        `alarms: ${name} must be a whole number of at least 1, got ${threshold} [Stack/EchoAlarms]`,
      );
    }
  });
});
