import { type Condition, type ConditionValues, parseCondition } from './condition.ts';
import { isRecord } from './is-record.ts';
import { matchesWildcard } from './wildcard.ts';

const INVOKE = 'execute-api:invoke';

interface Statement {
  readonly deny: boolean;
  /** Patterns of method ARNs. */
  readonly resources: readonly string[];
  /** True for `NotResource`: the statement is about every ARN that no pattern matches. */
  readonly except: boolean;
  readonly condition: Condition | undefined;
}

/** The statements of an authorizer's policy that are about invoking methods. */
export interface Policy {
  readonly statements: readonly Statement[];
}

export type PolicyDecision = 'allow' | 'explicit-deny' | 'implicit-deny';

/** Reads an IAM policy document. Answers the policy, or what is wrong with it as a part of a sentence. */
export function parsePolicy(document: unknown): Policy | string {
  if (!isRecord(document)) return 'policyDocument is not an object';
  const raw = document.Statement;
  const list = Array.isArray(raw) ? raw : [raw];
  const statements: Statement[] = [];
  for (const item of list) {
    if (!isRecord(item)) return 'policyDocument.Statement is not a list of statements';
    const statement = parseStatement(item);
    if (typeof statement === 'string') return statement;
    if (statement !== undefined) statements.push(statement);
  }
  return { statements };
}

const NO_VALUES: ConditionValues = () => undefined;

/** Deny over Allow, and what nothing allows is denied. A statement whose condition does not hold says nothing. */
export function evaluatePolicy(policy: Policy, methodArn: string, values: ConditionValues = NO_VALUES): PolicyDecision {
  let decision: PolicyDecision = 'implicit-deny';
  for (const statement of policy.statements) {
    const named = statement.resources.some((pattern) => matchesWildcard(pattern, methodArn));
    if (named === statement.except || statement.condition?.(values) === false) continue;
    if (statement.deny) return 'explicit-deny';
    decision = 'allow';
  }
  return decision;
}

function parseStatement(item: Record<string, unknown>): Statement | undefined | string {
  if (item.Effect !== 'Allow' && item.Effect !== 'Deny')
    return `Effect must be Allow or Deny, got ${show(item.Effect)}`;
  const actions = strings(item.Action ?? item.NotAction);
  if (actions === undefined) return `Action must be a string or a list of them, got ${show(item.Action)}`;
  const resources = strings(item.Resource ?? item.NotResource);
  if (resources === undefined) return `Resource must be a string or a list of them, got ${show(item.Resource)}`;
  const namesInvoke = actions.some((pattern) => matchesWildcard(pattern.toLowerCase(), INVOKE));
  if (namesInvoke === (item.Action === undefined)) return undefined;
  const condition = item.Condition === undefined ? undefined : parseCondition(item.Condition);
  if (typeof condition === 'string') return condition;
  return { deny: item.Effect === 'Deny', resources, except: item.Resource === undefined, condition };
}

function strings(value: unknown): string[] | undefined {
  const list = Array.isArray(value) ? value : [value];
  return list.length > 0 && list.every((item) => typeof item === 'string') ? list : undefined;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
