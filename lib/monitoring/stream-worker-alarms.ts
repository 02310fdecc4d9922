import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { StreamWorker } from '../messaging/stream-worker.ts';
import { type AlarmRow, addAlarms } from './add-alarms.ts';
import { stalledRow } from './stalled-consumer.ts';
import { undeliveredRow } from './undelivered-failures.ts';

export interface StreamWorkerAlarmsProps {
  readonly worker: StreamWorker;
  /** Who is told. */
  readonly action: IAlarmAction;
}

/**
 * Rings when a worker is further behind its stream than it may be, for 5 minutes, when it is not called at all while events
 * arrive, and when it gave up an event. Where failed records are kept in a bucket it is `FailedRecordsAlarms` that ring, for
 * all of its workers.
 */
export class StreamWorkerAlarms extends Construct {
  constructor(scope: Construct, id: string, { worker, action }: StreamWorkerAlarmsProps) {
    super(scope, id);
    const name = worker.function.handler;
    const { maxLag } = worker;
    const lag: AlarmRow = {
      id: 'IteratorAge',
      description: `${name}: events wait ${maxLag.toHumanString()} or longer to be consumed; look for errors of the worker, then raise parallelizationFactor.`,
      runbook: 'messaging.md#stream-worker-lag',
      metric: worker.metricIteratorAge(),
      threshold: maxLag.toMilliseconds(),
      evaluationPeriods: 5,
    };
    const failed: AlarmRow = {
      id: 'DeadLetters',
      description: `${name}: events could not be consumed; the messages in its dead-letter queue name shard and sequence numbers, and the stream keeps the events until its retention ends.`,
      runbook: 'messaging.md#stream-worker-dead-letters',
      metric: worker.metricDeadLetters(),
      threshold: 1,
    };
    const stalled = stalledRow(worker, {
      description: `${name}: events arrive, and for 15 minutes the function was not called once.`,
      runbook: 'messaging.md#stream-worker-stalled',
    });
    const rows = [lag, ...stalled, undeliveredRow(worker)];
    addAlarms(this, action, worker.failedRecords.bucket === undefined ? [...rows, failed] : rows);
  }
}
