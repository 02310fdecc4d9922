import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { FunctionOptions } from '../../api/jwt-authorizer.ts';
import type { Throttle } from '../../api/throttle.ts';
import type { ThrottledApi } from '../../api/throttled-api.ts';
import type { ServiceFunctionProps } from '../../compute/service-function.ts';
import { FailedRecords } from '../../messaging/failed-records.ts';
import type { DataStack } from '../data-stack.ts';
import type { RouteKey, ScaledFunction, StageProps } from '../stage-props.ts';

/** What a service is added to, and what it takes from its stage. */
export interface ServiceContext {
  readonly api: ThrottledApi;
  readonly data: DataStack;
  readonly stage: StageProps;
  /** Who is told of alarms. */
  readonly action: IAlarmAction;
  /** Cache, scaling and retention of a service's function. */
  functionOptions(name: ScaledFunction): FunctionOptions;
  /** Scaling and retention of a worker's function. */
  workerOptions(
    name: ScaledFunction,
  ): Pick<ServiceFunctionProps, 'logRetention' | 'removalPolicy' | 'reservedConcurrency' | 'provisionedConcurrency'>;
  /** Where stream workers leave what they give up. */
  readonly failedRecords: FailedRecords;
  /** The throttle of a route, where the stage sets one. */
  throttled(key: RouteKey): { readonly throttle?: Throttle };
}

/** The context of all services of a stage. */
export function createServiceContext(
  context: Pick<ServiceContext, 'api' | 'data' | 'stage' | 'action'>,
): ServiceContext {
  const { data, stage } = context;
  const workerOptions: ServiceContext['workerOptions'] = (name) => ({
    logRetention: stage.retention.logs,
    removalPolicy: stage.removalPolicy,
    ...stage.scaling[name],
  });
  return {
    ...context,
    functionOptions: (name) => ({ cache: data.cache, ...workerOptions(name) }),
    workerOptions,
    failedRecords: FailedRecords.inBucket(data.failedRecords),
    throttled: (key) => {
      const throttle = stage.routeThrottles[key];
      return throttle ? { throttle } : {};
    },
  };
}
