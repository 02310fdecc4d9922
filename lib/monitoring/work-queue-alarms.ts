import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { WorkQueue } from '../messaging/work-queue.ts';
import { validateWholeNumber } from '../validate.ts';
import { addAlarms } from './add-alarms.ts';

export interface WorkQueueAlarmsProps {
  readonly queue: WorkQueue;
  /** Who is told. */
  readonly action: IAlarmAction;
  /** Messages that wait which ring, after 5 minutes of it. @default 10_000 */
  readonly maxDepth?: number;
}

const DEPTH_DEFAULT = 10_000;

/** Rings when work waits for longer than its queue's budget, when much of it waits, and when some was set aside. */
export class WorkQueueAlarms extends Construct {
  constructor(scope: Construct, id: string, props: WorkQueueAlarmsProps) {
    super(scope, id);
    const { queue, action, maxDepth = DEPTH_DEFAULT } = props;
    validateWholeNumber(`alarms of work '${queue.name}': maxDepth`, maxDepth, { min: 1, scope: this });
    const { maxAge, name } = queue;
    addAlarms(this, action, [
      {
        id: 'OldestAge',
        description: `${name}: the oldest message has waited ${maxAge.toHumanString()} or longer, and routes with whenBehind refuse new work meanwhile; look for errors of the worker, then raise its concurrency.`,
        runbook: 'messaging.md#work-queue-oldest-age',
        metric: queue.metricOldestAge(),
        threshold: maxAge.toSeconds(),
        evaluationPeriods: 5,
      },
      {
        id: 'Depth',
        description: `${name}: ${maxDepth} or more messages wait; the worker's drainTime says for how long, if it works at all.`,
        runbook: 'messaging.md#work-queue-depth',
        metric: queue.metricDepth(),
        threshold: maxDepth,
        evaluationPeriods: 5,
      },
      {
        id: 'DeadLetters',
        description: `${name}: work was set aside after ${queue.attempts} attempts, or at once because no further one can help; each dead letter says why, and is kept for two weeks.`,
        runbook: 'messaging.md#work-queue-dead-letters',
        metric: queue.metricDeadLetters(),
        threshold: 1,
      },
    ]);
  }
}
