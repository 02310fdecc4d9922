import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { PARK_SECONDS_MAX, PARKED_FINISH_SECONDS } from '../../lambdas/contract/parked.ts';
import type { ParkingLot } from '../api/parking-lot.ts';
import { addAlarms } from './add-alarms.ts';

export interface ParkingLotAlarmsProps {
  readonly parking: ParkingLot;
  /** Who is told. */
  readonly action: IAlarmAction;
}

/** Rings when parked requests are not taken up at all, and when a message could not be. */
export class ParkingLotAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ParkingLotAlarmsProps) {
    super(scope, id);
    const { parking, action } = props;
    const name = parking.service.handler;
    addAlarms(this, action, [
      {
        id: 'OldestAge',
        description: `${name}: a message has been in the parking queue for longer than any request may be parked; look for errors and throttles of the function, which consumes the queue itself.`,
        runbook: 'admission.md#parking-oldestage',
        metric: parking.metricOldestAge(),
        threshold: PARK_SECONDS_MAX + PARKED_FINISH_SECONDS,
        evaluationPeriods: 5,
      },
      {
        id: 'DeadLetters',
        description: `${name}: messages in the parking queue could not be read, or came back more often than SQS allows; look at them in the dead-letter queue, and for level ERROR in the function's log group.`,
        runbook: 'admission.md#parking-deadletters',
        metric: parking.metricDeadLetters(),
        threshold: 1,
      },
    ]);
  }
}
