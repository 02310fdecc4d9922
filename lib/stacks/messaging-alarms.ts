import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { OutboxRelay } from '../messaging/outbox-relay.ts';
import { RabbitQueue } from '../messaging/rabbitmq-queue.ts';
import type { StreamWorker } from '../messaging/stream-worker.ts';
import { EventArchiveAlarms } from '../monitoring/event-archive-alarms.ts';
import { FailedRecordsAlarms } from '../monitoring/failed-records-alarms.ts';
import { RabbitQueueAlarms } from '../monitoring/rabbitmq-queue-alarms.ts';
import { RelayAlarms } from '../monitoring/relay-alarms.ts';
import { StreamWorkerAlarms } from '../monitoring/stream-worker-alarms.ts';
import { WorkQueueAlarms } from '../monitoring/work-queue-alarms.ts';
import type { DataStack } from './data-stack.ts';

/** What carries what was accepted, besides the functions themselves. */
export interface Messaging {
  readonly relay: OutboxRelay;
  /** By the names of their constructs. */
  readonly streamWorkers: Readonly<Record<string, StreamWorker>>;
}

/** Rings wherever accepted work and events may come to stand still. */
export function addMessagingAlarms(
  scope: Construct,
  { relay, streamWorkers }: Messaging,
  { work, failedRecords, archive }: Pick<DataStack, 'work' | 'failedRecords' | 'archive'>,
  action: IAlarmAction,
): void {
  for (const [name, worker] of Object.entries(streamWorkers)) {
    new StreamWorkerAlarms(scope, `${name}Alarms`, { worker, action });
  }
  for (const queue of Object.values(work)) {
    const id = `${queue.node.id}Alarms`;
    if (queue instanceof RabbitQueue) new RabbitQueueAlarms(scope, id, { queue, action });
    else new WorkQueueAlarms(scope, id, { queue, action });
  }
  new RelayAlarms(scope, 'OutboxRelayAlarms', { relay, action });
  new FailedRecordsAlarms(scope, 'FailedRecordsAlarms', { failedRecords, action });
  new EventArchiveAlarms(scope, 'EventArchiveAlarms', { archive, action });
}
