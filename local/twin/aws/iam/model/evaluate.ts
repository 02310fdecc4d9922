import type { Context } from './context.ts';
import { isAbout, type Policy, type Statement } from './policy.ts';
import type { Caller, Naming } from './principals.ts';

/** One thing that a caller wants to do. */
export interface Request {
  readonly caller: Caller;
  /** `dynamodb:PutItem`. */
  readonly action: string;
  /** ARN, or `*` for actions that are about no resource. */
  readonly resource: string;
  readonly context: Context;
}

/** Everything that has a say in a request. */
export interface Policies {
  /** Inline and managed policies of the caller's role. */
  readonly identity: readonly Policy[];
  readonly boundary: Policy | undefined;
  /** Policies of the resource. */
  readonly resource: readonly Policy[];
  /**
   * `union`: within an account either side may allow. `required`: the resource's policy must allow, or leave it to the
   * account, before the role's count: keys of KMS, and roles that are to be assumed.
   */
  readonly resourceRule: 'union' | 'required';
}

/** The kind of policy that denied, or that would have had to allow. */
export type PolicyKind = 'identity' | 'resource' | 'boundary';

export type Decision =
  /** The statements of the role's policies that allow it; none where the resource's policy alone does. */
  | { readonly allowed: true; readonly grants: readonly Statement[] }
  | { readonly allowed: false; readonly explicit: boolean; readonly by: PolicyKind };

/**
 * Decides a request within one account, as the IAM User Guide's "Policy evaluation logic" has it: an explicit deny anywhere
 * wins; then somebody has to allow. Pure: the time of day comes with the context.
 */
export function evaluate(request: Request, policies: Policies): Decision {
  const { identity, boundary, resource, resourceRule } = policies;
  const identityGrants: Statement[] = [];
  for (const policy of identity) {
    for (const statement of policy.statements) {
      if (!applies(statement, request)) continue;
      if (statement.effect === 'Deny') return denied(true, 'identity');
      identityGrants.push(statement);
    }
  }
  const naming = namingBy(resource, request);
  if (naming === 'denied') return denied(true, 'resource');
  if (request.caller.kind === 'service') return naming === 'none' ? denied(false, 'resource') : allowed([]);

  const withinBoundary = boundary === undefined ? 'allowed' : effectOf(boundary, request);
  if (withinBoundary === 'denied') return denied(true, 'boundary');
  // A permissions boundary does not limit what a resource's policy grants to a session by its own name.
  if (naming === 'session') return allowed(identityGrants);
  const resourceAllows = naming === 'role' || naming === 'everyone';
  if (resourceRule === 'required' && naming === 'none') return denied(false, 'resource');
  if (!resourceAllows && identityGrants.length === 0) return denied(false, 'identity');
  return withinBoundary === 'allowed' ? allowed(identityGrants) : denied(false, 'boundary');
}

/** Whether a statement is about a request; of principals only whether it names the caller at all. */
function applies(statement: Statement, request: Request): boolean {
  const { action, resource, context, caller } = request;
  return (
    (statement.principals === undefined || statement.principals.naming(caller) !== 'none') &&
    isAbout(statement, action, resource, context) &&
    statement.conditions.every((condition) => condition.holds(context))
  );
}

const CLOSENESS: readonly Naming[] = ['none', 'account', 'service', 'everyone', 'role', 'session'];

/** The closest that an allowing statement names the caller, or `denied`. */
function namingBy(policies: readonly Policy[], request: Request): Naming | 'denied' {
  let closest: Naming = 'none';
  for (const policy of policies) {
    for (const statement of policy.statements) {
      if (!applies(statement, request)) continue;
      if (statement.effect === 'Deny') return 'denied';
      const naming = statement.principals?.naming(request.caller) ?? 'none';
      if (CLOSENESS.indexOf(naming) > CLOSENESS.indexOf(closest)) closest = naming;
    }
  }
  return closest;
}

function effectOf({ statements }: Policy, request: Request): 'allowed' | 'denied' | 'silent' {
  let effect: 'allowed' | 'silent' = 'silent';
  for (const statement of statements) {
    if (!applies(statement, request)) continue;
    if (statement.effect === 'Deny') return 'denied';
    effect = 'allowed';
  }
  return effect;
}

function allowed(grants: readonly Statement[]): Decision {
  return { allowed: true, grants };
}

function denied(explicit: boolean, by: PolicyKind): Decision {
  return { allowed: false, explicit, by };
}
