import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { FailedRecordsBucket } from '../messaging/failed-records-bucket.ts';
import { addAlarms } from './add-alarms.ts';

export interface FailedRecordsAlarmsProps {
  readonly failedRecords: FailedRecordsBucket;
  /** Who is told. */
  readonly action: IAlarmAction;
}

/** Rings when a stream worker has given up records, until somebody has dealt with them. */
export class FailedRecordsAlarms extends Construct {
  constructor(scope: Construct, id: string, { failedRecords, action }: FailedRecordsAlarmsProps) {
    super(scope, id);
    addAlarms(this, action, [
      {
        id: 'FailedRecords',
        description:
          'A stream worker gave up records; the queue names the object with each batch, and the object the function. A new ' +
          "bucket's first message is S3's own test.",
        runbook: 'messaging.md#failed-records',
        metric: failedRecords.metricNotices(),
        threshold: 1,
      },
    ]);
  }
}
