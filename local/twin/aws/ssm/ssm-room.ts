import type { AwsContext, AwsRoom } from '../aws-room.ts';
import { OWNER, type Principal } from '../principal.ts';
import { announceChange } from './announce-change.ts';
import { ParameterStore } from './parameter-store.ts';
import { provisionParameters } from './provision-parameters.ts';
import { ssmService } from './ssm-service.ts';

export interface SsmRoom extends AwsRoom {
  /** What dynamic references read. */
  readonly store: ParameterStore;
}

/**
 * The Parameter Store, of all of Systems Manager. Changes go to the default event bus.
 *
 * @param principalOf whose access key it is: the history of a parameter names whoever wrote it.
 */
export function startSsm(
  context: AwsContext,
  principalOf: (accessKeyId: string | undefined) => Principal = () => OWNER,
): SsmRoom {
  const { region, accountId, nowMs, database } = context;
  let isProvisioning = false;
  const store = new ParameterStore(`arn:aws:ssm:${region}:${accountId}`, nowMs, database, (change, parameter) => {
    // Of a deployment nobody can say whether the rule or the parameter is there first; here the functions are not yet.
    if (!(isProvisioning && change === 'Create')) announceChange(change, parameter, context);
  });
  return {
    store,
    service: ssmService(store, (accessKeyId) => arnOf(principalOf(accessKeyId), accountId)),
    provision: (resources) => {
      isProvisioning = true;
      try {
        provisionParameters(resources, store);
      } finally {
        isProvisioning = false;
      }
    },
    close: () => store.flush(),
  };
}

/** As `LastModifiedUser` has it: the session of a role, or the account. */
function arnOf(principal: Principal, accountId: string): string {
  if (principal.kind !== 'role') return `arn:aws:iam::${accountId}:root`;
  const role = principal.roleArn.slice(principal.roleArn.lastIndexOf('/') + 1);
  return `arn:aws:sts::${accountId}:assumed-role/${role}/${principal.sessionName}`;
}
