import { type Condition, compileConditions, isRecord } from './condition.ts';
import type { Context } from './context.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import { compilePrincipals, exceptPrincipals, type Principals } from './principals.ts';

/** One statement of a policy, ready to be asked. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly Pattern[];
  /** True for `NotAction`: every action that no pattern matches. */
  readonly exceptActions: boolean;
  readonly resources: readonly Pattern[];
  /** True for `NotResource`. */
  readonly exceptResources: boolean;
  /** `undefined` in identity-based policies. */
  readonly principals: Principals | undefined;
  readonly conditions: readonly Condition[];
}

export interface Policy {
  /** What messages and reports call it. */
  readonly name: string;
  readonly statements: readonly Statement[];
}

export interface PolicyOptions {
  readonly name?: string;
  /** Resource-based policies say whom they are about. @default false */
  readonly resourceBased?: boolean;
  /**
   * Resources of statements without a `Resource` element: trust policies have none.
   * @default - a `Resource` or `NotResource` is required
   */
  readonly defaultResource?: string;
}

/**
 * Reads a policy document. Wherever the grammar allows a string or a list, both are taken.
 *
 * @throws RangeError with a clause that says which element is wrong, and its value.
 */
export function parsePolicy(document: unknown, options: PolicyOptions = {}): Policy {
  if (!isRecord(document)) throw new RangeError(`a policy document must be an object, got ${show(document)}`);
  const { Version: version = '2008-10-17', Statement: element } = document;
  if (version !== '2012-10-17' && version !== '2008-10-17') {
    throw new RangeError(`Version must be 2012-10-17 or 2008-10-17, got ${show(version)}`);
  }
  const statements = (element === undefined ? [] : [element].flat()).map((item: unknown, index) => {
    if (!isRecord(item)) throw new RangeError(`Statement[${index}] must be an object, got ${show(item)}`);
    return parseStatement(item, index, version === '2012-10-17', options);
  });
  return { name: options.name ?? 'policy', statements };
}

/** Whether a statement is about an action and a resource; its principals and conditions are asked apart. */
export function isAbout(statement: Statement, action: string, resource: string, context: Context): boolean {
  return (
    matchesAny(statement.actions, action, context) !== statement.exceptActions &&
    matchesAny(statement.resources, resource, context) !== statement.exceptResources
  );
}

export function matchesAny(patterns: readonly Pattern[], text: string, context: Context): boolean {
  for (const pattern of patterns) if (pattern.matches(text, context)) return true;
  return false;
}

function parseStatement(
  item: Record<string, unknown>,
  index: number,
  variables: boolean,
  { resourceBased = false, defaultResource }: PolicyOptions,
): Statement {
  const at = `Statement[${index}]`;
  const { Effect: effect, Sid: sid } = item;
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw new RangeError(`${at}.Effect must be Allow or Deny, got ${show(effect)}`);
  }
  const [actionName, actions] = oneOf(item, at, 'Action', 'NotAction');
  const [resourceName, resources] =
    item.Resource === undefined && item.NotResource === undefined && defaultResource !== undefined
      ? (['Resource', [defaultResource]] as const)
      : oneOf(item, at, 'Resource', 'NotResource');
  const hasPrincipal = item.Principal !== undefined || item.NotPrincipal !== undefined;
  if (hasPrincipal !== resourceBased) {
    throw new RangeError(
      resourceBased ? `${at} of a resource-based policy must have a Principal` : `${at} must not have a Principal`,
    );
  }
  try {
    return {
      sid: typeof sid === 'string' ? sid : undefined,
      effect,
      // Actions are compared without regard to case; a policy variable has no place in them.
      actions: actions.map((action) => compilePattern(action, { ignoreCase: true })),
      exceptActions: actionName === 'NotAction',
      resources: resources.map((resource) => compilePattern(resource, { variables })),
      exceptResources: resourceName === 'NotResource',
      principals: resourceBased ? principalsOf(item) : undefined,
      conditions: compileConditions(item.Condition, variables),
    };
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`${at}: ${error.message}`) : error;
  }
}

function principalsOf({ Principal, NotPrincipal }: Record<string, unknown>): Principals {
  return NotPrincipal === undefined ? compilePrincipals(Principal) : exceptPrincipals(compilePrincipals(NotPrincipal));
}

function oneOf<A extends string, B extends string>(
  item: Record<string, unknown>,
  at: string,
  positive: A,
  negative: B,
): readonly [A | B, string[]] {
  const name = item[positive] === undefined ? negative : positive;
  if (item[positive] !== undefined && item[negative] !== undefined) {
    throw new RangeError(`${at} must not have both ${positive} and ${negative}`);
  }
  const list = [item[name]].flat();
  if (list.length > 0 && list.every((value) => typeof value === 'string')) return [name, list];
  throw new RangeError(`${at}.${positive} must be a string or a list of them, got ${show(item[name])}`);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
