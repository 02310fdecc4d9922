import type { AwsContext, AwsRoom } from '../aws-room.ts';
import { ParameterStore } from './parameter-store.ts';
import { provisionParameters } from './provision-parameters.ts';
import { ssmService } from './ssm-service.ts';

export interface SsmRoom extends AwsRoom {
  /** What dynamic references read. */
  readonly store: ParameterStore;
}

/** The Parameter Store, of all of Systems Manager. */
export function startSsm({ region, accountId, nowMs, database }: AwsContext): SsmRoom {
  const store = new ParameterStore(`arn:aws:ssm:${region}:${accountId}`, nowMs, database);
  return {
    store,
    service: ssmService(store),
    provision: (resources) => provisionParameters(resources, store),
    close: () => store.flush(),
  };
}
