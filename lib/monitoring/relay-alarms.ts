import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { OutboxRelay } from '../messaging/outbox-relay.ts';
import { type AlarmRow, addAlarms } from './add-alarms.ts';
import { stalledRow } from './stalled-consumer.ts';
import { undeliveredRow } from './undelivered-failures.ts';

export interface RelayAlarmsProps {
  readonly relay: Pick<OutboxRelay, 'worker'>;
  /** Who is told. */
  readonly action: IAlarmAction;
}

/**
 * Rings when what was accepted is not published in time, or nobody publishes at all, and when an entry could not be
 * published. Where failed records are kept in a bucket it is `FailedRecordsAlarms` that ring for the latter.
 */
export class RelayAlarms extends Construct {
  constructor(scope: Construct, id: string, { relay: { worker }, action }: RelayAlarmsProps) {
    super(scope, id);
    const { maxLag } = worker;
    const lag: AlarmRow = {
      id: 'Lag',
      description: `Entries of the outbox wait ${maxLag.toHumanString()} or longer to be published: no event and no work goes out for as long. After a day the table's stream forgets them.`,
      runbook: 'messaging.md#relay-lag',
      metric: worker.metricIteratorAge(),
      threshold: maxLag.toMilliseconds(),
      // The stream forgets after a day, whatever it is that stands still: sooner than for other workers.
      evaluationPeriods: 3,
    };
    const failed: AlarmRow = {
      id: 'DeadLetters',
      description:
        'The relay gave up entries of the outbox: what they stand for was accepted, and has no effect until somebody publishes them.',
      runbook: 'messaging.md#relay-dead-letters',
      metric: worker.metricDeadLetters(),
      threshold: 1,
    };
    const stalled = stalledRow(worker, {
      description:
        'The outbox is written to, and for 15 minutes its relay was not called once: nothing that is accepted goes out. ' +
        "After a day the table's stream forgets it.",
      runbook: 'messaging.md#relay-stalled',
    });
    const rows = [lag, ...stalled, undeliveredRow(worker)];
    addAlarms(this, action, worker.failedRecords.bucket === undefined ? [...rows, failed] : rows);
  }
}
