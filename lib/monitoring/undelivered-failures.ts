import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { StreamWorker } from '../messaging/stream-worker.ts';
import type { AlarmRow } from './add-alarms.ts';

/**
 * Rings when Lambda gave up records of a worker and could not leave them at their destination either: nothing but the log
 * and the stream knows of them.
 */
export function undeliveredRow({
  function: { function: consumer, handler },
}: Pick<StreamWorker, 'function'>): AlarmRow {
  return {
    id: 'UndeliveredFailures',
    description: `${handler}: records were given up, and could not be left where failed records go. They are lost when the stream's retention ends.`,
    runbook: 'messaging.md#failed-records-undelivered',
    metric: consumer.metric('DestinationDeliveryFailures', { statistic: Stats.SUM, period: Duration.minutes(1) }),
    threshold: 1,
  };
}
