import type { AwsContext, AwsRoom } from '../aws-room.ts';
import { cloudWatchService } from './cloudwatch-service.ts';
import { type Measure, Measurements } from './measurement.ts';
import { type MetricDatum, metricValues } from './metric-datum.ts';
import { MetricStore } from './metric-store.ts';

export interface CloudWatchRoom extends AwsRoom {
  readonly store: MetricStore;
  /**
   * Takes metrics that did not come by PutMetricData: those of a function's logs in the embedded metric format.
   *
   * @throws AwsError where PutMetricData would not take them; none is taken then.
   */
  put(namespace: string, data: readonly MetricDatum[]): void;
}

/**
 * CloudWatch's metrics, in memory: they are gone after a restart. It is not CloudWatch Logs; lines of functions go to the
 * console.
 *
 * @param measure what the services of the twin have to say of themselves; asked before metrics are read.
 */
export function startCloudWatch({ nowMs }: AwsContext, measure: Measure = () => []): CloudWatchRoom {
  const store = new MetricStore(nowMs);
  const measurements = new Measurements(measure, store, nowMs);
  return {
    store,
    put: (Namespace, MetricData) => {
      for (const value of metricValues({ Namespace, MetricData }, nowMs())) store.put(value);
    },
    service: cloudWatchService(store, nowMs, () => measurements.sample()),
    // Metrics need no template, and alarms have no effect.
    provision: () => {},
  };
}
