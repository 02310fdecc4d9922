import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { TwinError } from '../../twin-error.ts';
import { evaluate, type Policies } from './model/evaluate.ts';
import { type Policy, parsePolicy } from './model/policy.ts';
import { createNames, type Names, type NamesOptions } from './names.ts';
import type { Question } from './question.ts';
import { readResourcePolicies } from './read-resource-policies.ts';
import { type Role, readRoles } from './read-roles.ts';
import { globalContext } from './request-context.ts';

/** A function, as far as IAM knows it. */
export interface FunctionIdentity {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** For messages. */
  readonly subject: string;
}

/** Everything of the templates that IAM goes by. */
export interface Account {
  readonly names: Names;
  /** Roles of functions, put together; others are found when they are first used. */
  readonly roleArns: readonly string[];
  readonly functions: ReadonlyMap<string, FunctionIdentity>;
  role(arn: string): Role | undefined;
  policiesFor(role: Role | undefined, question: Question): Policies;
}

/** @throws TwinError where a policy is malformed, or a function's role has a policy of AWS that the twin does not have. */
export function readAccount(resources: readonly ResolvedResource[], options: NamesOptions): Account {
  const names = createNames(resources, options);
  const roles = readRoles(resources, options.accountId);
  const resourcePolicies = readResourcePolicies(resources, names);
  const functions = new Map<string, FunctionIdentity>();
  for (const resource of resources) {
    if (resource.type !== 'AWS::Lambda::Function') continue;
    const { physicalId: name, logicalId, path, stackName, properties } = resource;
    const subject = `function '${logicalId}' (${path}) of stack '${stackName}'`;
    // AWS insists on a role; a template without one is nobody's to judge.
    if (typeof properties.Role !== 'string') continue;
    const roleArn = properties.Role;
    roles.find(roleArn);
    functions.set(name, { name, arn: names.arn('lambda', `function:${name}`), roleArn, subject });
  }
  const keyDefault = [defaultKeyPolicy(options.accountId)];
  const ofResource = ({ action, resource }: Question): readonly Policy[] => {
    if (action === 'sts:AssumeRole') {
      const trust = roles.find(resource)?.trust;
      return trust ? [trust] : [];
    }
    const found = resourcePolicies.get(holderOf(resource));
    return found ?? (resource.startsWith('arn:aws:kms:') ? keyDefault : []);
  };
  return {
    names,
    roleArns: roles.arns,
    functions,
    role: (arn) => roles.find(arn),
    policiesFor: (role, question) => ({
      identity: role?.identity ?? [],
      boundary: role?.boundary,
      resource: ofResource(question),
      resourceRule: isGuarded(question) ? 'required' : 'union',
    }),
  };
}

/**
 * Lambda refuses to create a function whose role it cannot assume.
 *
 * @returns a sentence about each such function.
 */
export function untrustedFunctions(account: Account, nowMs: () => number): readonly string[] {
  const { accountId, region } = account.names;
  return [...account.functions.values()].flatMap(({ arn, roleArn, subject }) => {
    const role = account.role(roleArn);
    if (!role || mayAssume(account, role, { service: 'lambda.amazonaws.com', sourceArn: arn }, nowMs)) return [];
    return [
      `${subject}: its role ${role.name} (${role.label}) does not trust lambda.amazonaws.com: The role defined for the ` +
        `function cannot be assumed by Lambda. Add it to the role's AssumeRolePolicyDocument (region ${region}, account ${accountId})`,
    ];
  });
}

/** Whether a role trusts a service that acts for a resource. */
export function mayAssume(
  { names }: Account,
  role: Role,
  { service, sourceArn }: { readonly service: string; readonly sourceArn: string },
  nowMs: () => number,
): boolean {
  const { region, accountId } = names;
  const principal = { kind: 'service', service, sourceArn } as const;
  const context = globalContext(principal, undefined, { region, accountId, nowMs, functionArn: () => undefined });
  const request = { caller: principal, action: 'sts:AssumeRole', resource: role.arn, context };
  return evaluate(request, { identity: [], boundary: undefined, resource: [role.trust], resourceRule: 'required' })
    .allowed;
}

/** Keys and roles decide themselves who may use them; the account's policies count only where they leave it to the account. */
function isGuarded({ action, resource }: Question): boolean {
  return action === 'sts:AssumeRole' || /^arn:aws:kms:[^:]*:[^:]*:key\//.test(resource);
}

/** Objects stand under the policy of their bucket, indexes under that of their table, and streams under that of the table's stream. */
function holderOf(resource: string): string {
  if (resource.startsWith('arn:aws:s3:::')) return resource.split('/')[0] ?? resource;
  if (!resource.startsWith('arn:aws:dynamodb:')) return resource;
  const [table = '', kind] = /^(.*?:table\/[^/]+)(?:\/(index|stream)\/.*)?$/.exec(resource)?.slice(1) ?? [];
  return kind === 'stream' ? `${table}/stream` : table;
}

/** What CloudFormation and CreateKey give a key without a policy. */
function defaultKeyPolicy(accountId: string): Policy {
  const root = `arn:aws:iam::${accountId}:root`;
  return parsePolicy(
    {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: root }, Action: 'kms:*', Resource: '*' },
    },
    { name: 'default key policy', resourceBased: true },
  );
}

/** @throws TwinError with all sentences, where there are any. */
export function refuseUntrusted(sentences: readonly string[]): void {
  if (sentences.length > 0) throw new TwinError('untrusted-role', sentences.join('\n'));
}
