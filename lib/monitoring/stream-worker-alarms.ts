import { Duration } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { StreamWorker } from '../messaging/stream-worker.ts';
import { validateDuration } from '../validate.ts';
import { addAlarms } from './add-alarms.ts';

export interface StreamWorkerAlarmsProps {
  readonly worker: StreamWorker;
  /** Who is told. */
  readonly action: IAlarmAction;
  /** Age of the oldest event not yet consumed that rings, after 5 minutes of it. @default Duration.minutes(5) */
  readonly maxIteratorAge?: Duration;
}

/** Rings when a worker falls behind its stream, and when an event became a dead letter. */
export class StreamWorkerAlarms extends Construct {
  constructor(scope: Construct, id: string, props: StreamWorkerAlarmsProps) {
    super(scope, id);
    const maxAge = props.maxIteratorAge ?? Duration.minutes(5);
    validateDuration('alarms: maxIteratorAge', maxAge, {
      min: Duration.seconds(1),
      max: Duration.days(365),
      scope: this,
    });
    const name = props.worker.function.handler;
    addAlarms(this, props.action, [
      {
        id: 'IteratorAge',
        description: `${name}: events wait ${maxAge.toHumanString()} or longer to be consumed; look for errors of the worker, then raise parallelizationFactor.`,
        metric: props.worker.metricIteratorAge(),
        threshold: maxAge.toMilliseconds(),
        evaluationPeriods: 5,
      },
      {
        id: 'DeadLetters',
        description: `${name}: events could not be consumed; the messages in its dead-letter queue name shard and sequence numbers, and the stream keeps the events until its retention ends.`,
        metric: props.worker.metricDeadLetters(),
        threshold: 1,
      },
    ]);
  }
}
