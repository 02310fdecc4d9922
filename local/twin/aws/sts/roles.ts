import { identifier } from '../../assembly/physical-name.ts';
import type { ResolvedResource } from '../../assembly/resolved-resource.ts';

/** What STS knows of a role. */
export interface Role {
  readonly name: string;
  /** The unique id that `aws:userid` begins with; the same as `Fn::GetAtt RoleId`. */
  readonly id: string;
  readonly maxSessionSeconds: number;
}

const SESSION_SECONDS = 3_600;

/** The roles of the templates by name. */
export function rolesOf(resources: readonly ResolvedResource[]): ReadonlyMap<string, Role> {
  const roles = resources
    .filter(({ type }) => type === 'AWS::IAM::Role')
    .map(({ stackName, logicalId, physicalId: name, properties }): Role => {
      const maxSessionSeconds = Number(properties.MaxSessionDuration ?? SESSION_SECONDS);
      return { name, id: `AROA${identifier(stackName, logicalId, 17)}`, maxSessionSeconds };
    });
  return new Map(roles.map((role) => [role.name, role]));
}

/** `app/reader` of `arn:aws:iam::111122223333:role/app/reader` is the role `reader`. */
export function roleName(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf('/') + 1);
}
