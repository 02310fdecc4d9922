import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** A section of a file in `docs/runbooks/`, by its anchor: the heading in lower case, with hyphens for blanks. */
export type Runbook = `${'admission' | 'messaging'}.md#${string}`;

/** One alarm, as a row of the table that an alarm construct goes through. */
export interface AlarmRow {
  readonly id: string;
  /** What has happened when it rings, and where to look first. */
  readonly description: string;
  /** What to do about it; named at the end of the description. @default - there is no more to say than the description */
  readonly runbook?: Runbook;
  readonly metric: IMetric;
  /** Rings at this value or above. */
  readonly threshold: number;
  /** Periods looked at. @default 1 */
  readonly evaluationPeriods?: number;
  /** How many of these must be at the threshold. @default - all of them */
  readonly datapointsToAlarm?: number;
}

/**
 * One alarm per row, each telling the action when it begins and when it is over. No data means that nothing was
 * called, and with that nothing was wrong.
 */
export function addAlarms(scope: Construct, action: IAlarmAction, rows: readonly AlarmRow[]): Alarm[] {
  return rows.map(({ id, description, runbook, metric, threshold, evaluationPeriods, datapointsToAlarm }) => {
    const alarm = new Alarm(scope, id, {
      alarmDescription: runbook === undefined ? description : `${description} Runbook: docs/runbooks/${runbook}`,
      metric,
      threshold,
      evaluationPeriods: evaluationPeriods ?? 1,
      ...(datapointsToAlarm !== undefined && { datapointsToAlarm }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    return alarm;
  });
}
