import { identifier } from '../../assembly/physical-name.ts';
import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { resourceLabel } from '../../assembly/resource-label.ts';
import { TwinError } from '../../twin-error.ts';
import { AWS_MANAGED_POLICIES, awsManagedPolicy } from './managed-policies.ts';
import { type Policy, parsePolicy } from './model/policy.ts';
import { policyOfResource, textList } from './policy-of-resource.ts';

/** A role of the templates, with everything that has a say in what it may do. */
export interface Role {
  readonly arn: string;
  readonly name: string;
  /** What `aws:userid` begins with. */
  readonly id: string;
  /** Construct path within the stack, for people. */
  readonly label: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly trust: Policy;
  readonly identity: readonly Policy[];
  readonly boundary: Policy | undefined;
}

interface InlinePolicy {
  readonly PolicyName?: string;
  readonly PolicyDocument?: unknown;
}

/** Types whose policies are attached to roles by name. */
const ATTACHED = new Set(['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::IAM::RolePolicy']);

/** `arn:aws:iam::<account>:role/<path><name>`. */
function roleArn(accountId: string, { physicalId, properties }: ResolvedResource): string {
  return `arn:aws:iam::${accountId}:role${String(properties.Path ?? '/')}${physicalId}`;
}

/**
 * Role ARN → role. A role is put together when it is asked for first, so that a policy of AWS's own that the twin does not
 * have stops nobody who does not use it.
 */
export function readRoles(
  resources: readonly ResolvedResource[],
  accountId: string,
): { readonly arns: readonly string[]; find(arn: string): Role | undefined } {
  const byArn = new Map<string, ResolvedResource>();
  const attached = new Map<string, ResolvedResource[]>();
  const managed = new Map<string, ResolvedResource>();
  for (const resource of resources) {
    const { type, physicalId, properties } = resource;
    if (type === 'AWS::IAM::Role') byArn.set(roleArn(accountId, resource), resource);
    if (type === 'AWS::IAM::ManagedPolicy') managed.set(physicalId, resource);
    if (!ATTACHED.has(type)) continue;
    for (const name of textList(type === 'AWS::IAM::RolePolicy' ? properties.RoleName : properties.Roles)) {
      attached.set(name, [...(attached.get(name) ?? []), resource]);
    }
  }
  const roles = new Map<string, Role>();
  return {
    arns: [...byArn.keys()],
    find: (arn) => {
      const known = roles.get(arn);
      const resource = byArn.get(arn);
      if (known || !resource) return known;
      const role = readRole(arn, resource, attached.get(resource.physicalId) ?? [], managed);
      roles.set(arn, role);
      return role;
    },
  };
}

function readRole(
  arn: string,
  role: ResolvedResource,
  attached: readonly ResolvedResource[],
  managed: ReadonlyMap<string, ResolvedResource>,
): Role {
  const {
    AssumeRolePolicyDocument,
    ManagedPolicyArns,
    PermissionsBoundary,
    Policies = [],
    Tags = [],
  } = role.properties;
  const byArn = (policyArn: string, property: string): Policy => managedPolicy(policyArn, property, role, managed);
  const inline = (Policies as readonly InlinePolicy[]).map(({ PolicyName = 'inline', PolicyDocument }) =>
    policyOfResource(role, `Policies '${PolicyName}'`, PolicyDocument, { name: PolicyName }),
  );
  return {
    arn,
    name: role.physicalId,
    id: `AROA${identifier(role.stackName, role.logicalId, 17)}`,
    label: resourceLabel(role),
    tags: Object.fromEntries(
      (Tags as readonly { Key: string; Value: unknown }[]).map(({ Key, Value }) => [Key.toLowerCase(), String(Value)]),
    ),
    trust: policyOfResource(role, 'AssumeRolePolicyDocument', AssumeRolePolicyDocument, {
      name: 'trust policy',
      resourceBased: true,
      defaultResource: '*',
    }),
    identity: [
      ...inline,
      ...attached.map((policy) =>
        policyOfResource(policy, 'PolicyDocument', policy.properties.PolicyDocument, { name: policy.logicalId }),
      ),
      ...textList(ManagedPolicyArns).map((policyArn) => byArn(policyArn, 'ManagedPolicyArns')),
    ],
    boundary: PermissionsBoundary === undefined ? undefined : byArn(String(PermissionsBoundary), 'PermissionsBoundary'),
  };
}

function managedPolicy(
  arn: string,
  property: string,
  role: ResolvedResource,
  managed: ReadonlyMap<string, ResolvedResource>,
): Policy {
  const own = managed.get(arn);
  if (own) return policyOfResource(own, 'PolicyDocument', own.properties.PolicyDocument, { name: own.logicalId });
  const document = awsManagedPolicy(arn);
  if (document !== undefined) return parsePolicy(document, { name: arn.slice(arn.lastIndexOf('/') + 1) });
  throw new TwinError(
    'unknown-managed-policy',
    `role '${role.logicalId}' (${role.path}) of stack '${role.stackName}': the twin does not have the policy ${arn} of ` +
      `${property}; write its statements out in the role, or add it to local/twin/aws/iam/managed-policies.ts; ` +
      `it has ${AWS_MANAGED_POLICIES.join(', ')}`,
  );
}
