import { NO_CONTEXT } from './context.ts';
import type { Policies, Request } from './evaluate.ts';
import { matchesAny, type Policy, type Statement } from './policy.ts';

/** What is left of policies for one caller, action and resource. */
export interface Narrowed {
  readonly policies: Policies;
  /** Condition keys, in lower case, that the decision still depends on; empty where it is settled. */
  readonly keys: readonly string[];
}

/**
 * Drops the statements that cannot apply to a caller, action and resource, whatever the conditions. Evaluating what is left
 * gives the same decision, and depends on nothing but the values of `keys`: that is what makes decisions worth keeping.
 */
export function narrow(policies: Policies, { caller, action, resource }: Omit<Request, 'context'>): Narrowed {
  const keys = new Set<string>();
  const keep = (statement: Statement): boolean => {
    if (statement.principals?.naming(caller) === 'none') return false;
    if (matchesAny(statement.actions, action, NO_CONTEXT) === statement.exceptActions) return false;
    const variables = statement.resources.flatMap((pattern) => pattern.variables);
    const isNamed = matchesAny(statement.resources, resource, NO_CONTEXT);
    if (variables.length === 0 && isNamed === statement.exceptResources) return false;
    for (const variable of variables) keys.add(variable);
    for (const condition of statement.conditions) for (const key of condition.keys) keys.add(key);
    return true;
  };
  const narrowed = ({ name, statements }: Policy): Policy => ({ name, statements: statements.filter(keep) });
  return {
    policies: {
      identity: policies.identity.map(narrowed),
      boundary: policies.boundary && narrowed(policies.boundary),
      resource: policies.resource.map(narrowed),
      resourceRule: policies.resourceRule,
    },
    keys: [...keys].sort(),
  };
}
