import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { EventStream } from '../messaging/event-stream.ts';
import { KafkaTopic } from '../messaging/kafka-topic.ts';
import type { StreamSource } from '../messaging/stream-source.ts';
import type { StreamWorker } from '../messaging/stream-worker.ts';
import type { AlarmRow } from './add-alarms.ts';

const FIVE_MINUTES = Duration.minutes(5);

/**
 * Rings when there was something to consume and the function was never called, for 15 minutes. A consumer that is not called
 * has no iterator age either: Lambda measures it with each batch.
 *
 * None for a worker with filters: nothing calls it while all that arrives is passed over.
 */
export function stalledRow(
  worker: Pick<StreamWorker, 'source' | 'function' | 'isFiltered'>,
  texts: Pick<AlarmRow, 'description' | 'runbook'>,
): AlarmRow[] {
  if (worker.isFiltered) return [];
  return [{ id: 'Stalled', ...texts, metric: metricStalled(worker), threshold: 1, evaluationPeriods: 3 }];
}

/** 1 where something arrived in 5 minutes and nothing was called, else 0. */
function metricStalled({
  source,
  function: { function: consumer },
}: Pick<StreamWorker, 'source' | 'function'>): IMetric {
  const options = { statistic: Stats.SUM, period: FIVE_MINUTES };
  return new MathExpression({
    expression: 'IF(FILL(arrived, 0) > 0 AND FILL(called, 0) == 0, 1, 0)',
    usingMetrics: { arrived: metricArrived(source, options), called: consumer.metricInvocations(options) },
    label: 'nothing consumed',
    period: FIVE_MINUTES,
  });
}

function metricArrived(source: StreamSource, options: MetricOptions): IMetric {
  if (source instanceof KafkaTopic) return source.metricMessagesIn(options);
  if (source instanceof EventStream) return source.stream.metricIncomingRecords(options);
  // A table's stream has no metric of what comes in. Items that expire use no capacity, and are not waited for.
  return source.metricConsumedWriteCapacityUnits(options);
}
