import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { describe, expect, it } from 'vitest';
import { AlarmTopic } from '../../../lib/monitoring/alarm-topic.ts';
import { ApiAlarms, type ApiAlarmsProps } from '../../../lib/monitoring/api-alarms.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

function createAlarms(props: Partial<ApiAlarmsProps> = {}): { template: () => Template } {
  const stack = flaggedStack();
  const restApi = new RestApi(stack, 'RestApi', { restApiName: 'feed-api' });
  restApi.root.addMethod('GET');
  new ApiAlarms(stack, 'ApiAlarms', { restApi, stageName: 'dev', action: new AlarmTopic(stack, 'Alarms'), ...props });
  return { template: () => Template.fromStack(stack) };
}

const DIMENSIONS = [
  { Name: 'ApiName', Value: 'feed-api' },
  { Name: 'Stage', Value: 'dev' },
];

describe('ApiAlarms', () => {
  it('says the ratio in percent, without the dust of binary fractions', () => {
    createAlarms({ serverErrorRatio: 0.07 })
      .template()
      .hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmDescription: Match.stringLikeRegexp('^7 % or more') });
  });

  it('rings at 1 % of requests answered 5xx, where there are enough of them to say so', () => {
    createAlarms()
      .template()
      .hasResourceProperties('AWS::CloudWatch::Alarm', {
        Threshold: 0.01,
        EvaluationPeriods: 5,
        DatapointsToAlarm: 3,
        Metrics: Match.arrayWith([
          Match.objectLike({ Expression: 'IF(requests >= 20, errors / requests, 0)' }),
          Match.objectLike({
            Id: 'errors',
            MetricStat: Match.objectLike({
              Stat: 'Sum',
              Metric: { Namespace: 'AWS/ApiGateway', MetricName: '5XXError', Dimensions: DIMENSIONS },
            }),
          }),
          Match.objectLike({
            Id: 'requests',
            MetricStat: Match.objectLike({
              Stat: 'Sum',
              Metric: { Namespace: 'AWS/ApiGateway', MetricName: 'Count', Dimensions: DIMENSIONS },
            }),
          }),
        ]),
      });
  });

  it('rings when the slowest percent takes 2 seconds', () => {
    createAlarms().template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/ApiGateway',
      MetricName: 'Latency',
      ExtendedStatistic: 'p99',
      Dimensions: DIMENSIONS,
      Threshold: 2_000,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
    });
  });

  it('takes other thresholds', () => {
    const { template } = createAlarms({
      serverErrorRatio: 0.5,
      minRequestsPerMinute: 1,
      latencyP99: Duration.millis(300),
    });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 0.5,
      AlarmDescription: Match.stringLikeRegexp('^50 % or more'),
    });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Latency', Threshold: 300 });
  });

  it.each<[string, Partial<ApiAlarmsProps>, string]>([
    ['no ratio', { serverErrorRatio: 0 }, 'serverErrorRatio must be a number between 0.0001 and 1, got 0'],
    ['percent for a ratio', { serverErrorRatio: 5 }, 'serverErrorRatio must be a number between 0.0001 and 1, got 5'],
    ['no requests', { minRequestsPerMinute: 0 }, 'minRequestsPerMinute must be a whole number of at least 1, got 0'],
    [
      'a latency that the gateway never reaches',
      { latencyP99: Duration.seconds(30) },
      'latencyP99 must be between 1 milli and 29 seconds, got 30 seconds',
    ],
  ])('fails on %s', (_name, props, message) => {
    expect(() => createAlarms(props)).toThrow(`alarms: ${message} [Stack/ApiAlarms]`);
  });
});
