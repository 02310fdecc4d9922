import type { AwsContext, AwsRoom } from '../aws-room.ts';
import type { Principal } from '../principal.ts';
import { type Role, rolesOf } from './roles.ts';
import { Sessions } from './sessions.ts';
import { stsService } from './sts-service.ts';

export interface StsRoom extends AwsRoom {
  /**
   * Who calls with keys that AssumeRole or GetSessionToken gave; `undefined` where the keys are no session's.
   *
   * @throws AwsError ExpiredTokenException
   */
  principalOfSession(accessKeyId: string | undefined): Principal | undefined;
  /** The secret of such keys. */
  secretOf(accessKeyId: string): string | undefined;
}

/**
 * STS: sessions of the roles in the templates, and who somebody is. What a session may do is the business of
 * local/twin/aws/iam.
 *
 * @param principalOf whose keys are those that are no session's.
 */
export function startSts(
  { accountId, nowMs }: AwsContext,
  principalOf: (accessKeyId: string | undefined) => Principal,
): StsRoom {
  const sessions = new Sessions(nowMs);
  let roles: ReadonlyMap<string, Role> = new Map();
  return {
    principalOfSession: (accessKeyId) => sessions.principalOf(accessKeyId),
    secretOf: (accessKeyId) => sessions.secretOf(accessKeyId),
    service: stsService({
      accountId,
      sessions,
      roleOf: (name) => roles.get(name),
      principalOf: (accessKeyId) => sessions.principalOf(accessKeyId) ?? principalOf(accessKeyId),
    }),
    provision: (resources) => {
      roles = rolesOf(resources);
    },
  };
}
