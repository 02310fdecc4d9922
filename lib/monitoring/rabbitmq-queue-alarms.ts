import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { RabbitQueue } from '../messaging/rabbitmq-queue.ts';
import { validateWholeNumber } from '../validate.ts';
import { addAlarms } from './add-alarms.ts';

export interface RabbitQueueAlarmsProps {
  readonly queue: RabbitQueue;
  /** Who is told. */
  readonly action: IAlarmAction;
  /** Messages that wait which ring, after 5 minutes of it. @default 1_000 - one batch is worked on at a time */
  readonly maxDepth?: number;
}

const DEPTH_DEFAULT = 1_000;

/** Rings when much work waits on RabbitMQ, and when some was set aside; how long it has waited the broker does not tell. */
export class RabbitQueueAlarms extends Construct {
  constructor(scope: Construct, id: string, props: RabbitQueueAlarmsProps) {
    super(scope, id);
    const { queue, action, maxDepth = DEPTH_DEFAULT } = props;
    validateWholeNumber(`alarms of work '${queue.name}': maxDepth`, maxDepth, { min: 1, scope: this });
    addAlarms(this, action, [
      {
        id: 'Depth',
        description: `${queue.name}: ${maxDepth} or more messages wait on RabbitMQ, for 5 minutes; nothing refuses new work meanwhile.`,
        runbook: 'messaging.md#rabbitmq-depth',
        metric: queue.metricDepth(),
        threshold: maxDepth,
        evaluationPeriods: 5,
      },
      {
        id: 'DeadLetters',
        description: `${queue.name}: work was set aside on RabbitMQ after ${queue.attempts} attempts, or at once because no further one can help; the headers of each dead letter say why, and it is kept for two weeks.`,
        runbook: 'messaging.md#rabbitmq-dead-letters',
        metric: queue.metricDeadLetters(),
        threshold: 1,
      },
    ]);
  }
}
