import { Duration } from 'aws-cdk-lib';
import { type IAlarmAction, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { DECISIONS_WITHOUT_STORE, METRIC_NAMESPACE } from '../../lambdas/contract/metrics.ts';
import type { ThrottledApi } from '../api/throttled-api.ts';
import type { Cache } from '../data/cache.ts';
import { addAlarms } from './add-alarms.ts';

export interface AdmissionAlarmsProps {
  /** The API; all of its services must have been added. */
  readonly api: ThrottledApi;
  /** The cache that admits its requests. */
  readonly cache: Cache;
  /** Who is told. */
  readonly action: IAlarmAction;
}

const PERIOD = Duration.minutes(1);
/** One time-out of a cold environment is no failure of the store. */
const WITHOUT_STORE_MAX = 20;
const ALARM_METRICS_MAX = 10;

/** Rings when requests are decided without the store that counts them, and when the store refuses work for its usage limit. */
export class AdmissionAlarms extends Construct {
  constructor(scope: Construct, id: string, props: AdmissionAlarmsProps) {
    super(scope, id);
    const { api, cache, action } = props;
    const threeOfFive = { evaluationPeriods: 5, datapointsToAlarm: 3 };
    addAlarms(this, action, [
      ...withoutStore([...api.services.values()].map(({ function: { functionName } }) => functionName)).map(
        (metric, index) => ({
          id: index === 0 ? 'WithoutStore' : `WithoutStore${index + 1}`,
          description:
            'Requests are decided without the store, as onStoreFailure says, so limits do not hold over the fleet; look ' +
            "for 'the store failed' in the services' logs, and at the cache.",
          metric,
          threshold: WITHOUT_STORE_MAX,
          ...threeOfFive,
        }),
      ),
      {
        id: 'CacheThrottled',
        description:
          'The cache refuses commands because its usage limit is reached; raise cacheUsageLimits, spread callers over more ' +
          'admissionShards, or find out who asks so much.',
        metric: new Metric({
          namespace: 'AWS/ElastiCache',
          metricName: 'ThrottledCmds',
          dimensionsMap: { clusterId: cache.cacheName },
          statistic: Stats.SUM,
          period: PERIOD,
        }),
        threshold: 1,
        ...threeOfFive,
      },
    ]);
  }
}

/** Sums over the functions: CloudWatch takes ten metrics in one alarm. */
function withoutStore(functionNames: readonly string[]): MathExpression[] {
  const sums: MathExpression[] = [];
  for (let from = 0; from < functionNames.length; from += ALARM_METRICS_MAX) {
    const names = functionNames.slice(from, from + ALARM_METRICS_MAX);
    const usingMetrics = Object.fromEntries(
      names.map((service, index) => [
        `s${index}`,
        new Metric({
          namespace: METRIC_NAMESPACE,
          metricName: DECISIONS_WITHOUT_STORE,
          dimensionsMap: { service },
          statistic: Stats.SUM,
          period: PERIOD,
        }),
      ]),
    );
    const expression = Object.keys(usingMetrics)
      .map((name) => `FILL(${name}, 0)`)
      .join(' + ');
    sums.push(new MathExpression({ expression, usingMetrics, label: 'decisions without the store', period: PERIOD }));
  }
  return sums;
}
