import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { Route } from '../../../lib/api/route.ts';
import { Cache } from '../../../lib/data/cache.ts';
import { Network } from '../../../lib/data/network.ts';
import { AdmissionAlarms } from '../../../lib/monitoring/admission-alarms.ts';
import { AlarmTopic } from '../../../lib/monitoring/alarm-topic.ts';
import { addEcho, newApi } from '../../support/api-factory.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

function createAlarms(services: number): Template {
  const stack = flaggedStack();
  const api = newApi(stack);
  for (let index = 0; index < services; index += 1) {
    addEcho(api, `Service${index}`, [Route.get(`/api/${index}`, { scope: 'feed:read' })]);
  }
  const network = new Network(stack, 'Network', {});
  const cache = new Cache(stack, 'Cache', { network, usageLimits: { maxDataGigabytes: 1, maxEcpuPerSecond: 5_000 } });
  new AdmissionAlarms(stack, 'AdmissionAlarms', { api, cache, action: new AlarmTopic(stack, 'Alarms') });
  return Template.fromStack(stack);
}

/** How many metrics each alarm about decisions without the store adds up. */
function summed(template: Template): number[] {
  const alarms = template.findResources('AWS::CloudWatch::Alarm', {
    Properties: { Metrics: Match.arrayWith([Match.objectLike({ Label: 'decisions without the store' })]) },
  });
  return Object.values(alarms).map(({ Properties }) => Properties.Metrics.length - 1);
}

describe('AdmissionAlarms', () => {
  it('rings when any service decides without the store for 3 of 5 minutes', () => {
    const template = createAlarms(2);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'FILL(s0, 0) + FILL(s1, 0)' }),
        Match.objectLike({
          MetricStat: Match.objectLike({
            Metric: Match.objectLike({ Namespace: 'Spillway', MetricName: 'DecisionsWithoutStore' }),
          }),
        }),
      ]),
      Threshold: 20,
      DatapointsToAlarm: 3,
      EvaluationPeriods: 5,
    });
  });

  it('adds up no more than the ten metrics that CloudWatch takes in one alarm', () => {
    expect(summed(createAlarms(10))).toEqual([10]);
    expect(summed(createAlarms(11)).toSorted((a, b) => a - b)).toEqual([1, 10]);
  });

  it('rings when the cache refuses commands for its usage limit', () => {
    createAlarms(1).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/ElastiCache',
      MetricName: 'ThrottledCmds',
      Threshold: 1,
    });
  });
});
