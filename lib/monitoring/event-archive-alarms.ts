import { Duration } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { EventArchive } from '../messaging/event-archive.ts';
import { addAlarms } from './add-alarms.ts';

export interface EventArchiveAlarmsProps {
  readonly archive: EventArchive;
  /** Who is told. */
  readonly action: IAlarmAction;
}

/** Firehose waits this long for an object, and is allowed as much again to write it. */
const FRESHNESS_FACTOR = 2;
const FAILURE_RATIO = 0.1;

/** Rings when events do not reach the archive, before the stream forgets them. */
export class EventArchiveAlarms extends Construct {
  constructor(scope: Construct, id: string, { archive, action }: EventArchiveAlarmsProps) {
    super(scope, id);
    const maxAge = Duration.seconds(FRESHNESS_FACTOR * archive.bufferInterval.toSeconds());
    addAlarms(this, action, [
      {
        id: 'Freshness',
        description: `The oldest event that is not in the archive has waited ${maxAge.toHumanString()} or longer, for 15 minutes.`,
        runbook: 'messaging.md#archive-freshness',
        metric: archive.metricFreshness(),
        threshold: maxAge.toSeconds(),
        evaluationPeriods: 3,
      },
      {
        id: 'Failures',
        description: `${FAILURE_RATIO * 100} % or more of the writes to the archive's bucket failed for 15 minutes; its log group says why.`,
        runbook: 'messaging.md#archive-failures',
        metric: archive.metricFailureRatio(),
        threshold: FAILURE_RATIO,
        evaluationPeriods: 3,
      },
      {
        id: 'Stalled',
        description: 'Events arrive, and for 15 minutes Firehose has read none of them for the archive.',
        runbook: 'messaging.md#archive-stalled',
        metric: archive.metricStalled(),
        threshold: 1,
        evaluationPeriods: 3,
      },
    ]);
  }
}
