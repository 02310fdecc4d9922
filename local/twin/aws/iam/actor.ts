import type { Principal } from '../principal.ts';
import type { Caller } from './model/principals.ts';

/** A principal that IAM is asked about: everybody but the owner. */
export type Actor = Exclude<Principal, { readonly kind: 'owner' }>;

/** An actor as policies name it. */
export function callerOf(actor: Actor, accountId: string): Caller {
  if (actor.kind === 'service') return { kind: 'service', service: actor.service };
  const { roleArn, sessionName } = actor;
  // The path of a role is no part of its sessions' ARNs.
  const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return {
    kind: 'role',
    roleArn,
    accountId,
    sessionArn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
  };
}

/** What tells actors apart. */
export function actorId(actor: Actor): string {
  return actor.kind === 'role' ? `${actor.roleArn} ${actor.sessionName}` : `${actor.service} ${actor.sourceArn}`;
}
