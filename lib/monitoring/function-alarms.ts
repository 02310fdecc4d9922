import { Duration } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ServiceFunction } from '../compute/service-function.ts';
import { validateWholeNumber } from '../validate.ts';
import { addAlarms } from './add-alarms.ts';

export interface FunctionAlarmsProps {
  readonly function: ServiceFunction;
  /** Who is told. */
  readonly action: IAlarmAction;
  /** Failed invocations in 5 minutes that ring. @default 5 */
  readonly errorsPerFiveMinutes?: number;
  /** Invocations that Lambda refused for want of concurrency in 5 minutes that ring. @default 5 */
  readonly throttlesPerFiveMinutes?: number;
}

const PERIOD = Duration.minutes(5);

/** Rings when a function fails, or when Lambda refuses to run it. */
export class FunctionAlarms extends Construct {
  constructor(scope: Construct, id: string, props: FunctionAlarmsProps) {
    super(scope, id);
    const errors = props.errorsPerFiveMinutes ?? 5;
    const throttles = props.throttlesPerFiveMinutes ?? 5;
    validateWholeNumber('alarms: errorsPerFiveMinutes', errors, { min: 1, scope: this });
    validateWholeNumber('alarms: throttlesPerFiveMinutes', throttles, { min: 1, scope: this });

    const { function: target, handler: name } = props.function;
    addAlarms(this, props.action, [
      {
        id: 'Errors',
        description: `${name}: ${errors} or more invocations failed in 5 minutes; look for level ERROR in its log group.`,
        metric: target.metricErrors({ period: PERIOD }),
        threshold: errors,
      },
      {
        id: 'Throttles',
        description: `${name}: ${throttles} or more invocations were refused in 5 minutes; compare its concurrency with its reserved concurrency and the account's.`,
        metric: target.metricThrottles({ period: PERIOD }),
        threshold: throttles,
      },
    ]);
  }
}
