import { OPERATORS } from './condition-operators.ts';
import type { Context, Values } from './context.ts';

/** One operator and key of a statement's `Condition`. */
export interface Condition {
  /** Condition keys that decide it, in lower case: its own, and those of policy variables. */
  readonly keys: readonly string[];
  holds(context: Context): boolean;
}

/**
 * Compiles a `Condition` element: all of its entries must hold, and of the values of one entry any.
 *
 * @throws RangeError with a clause that says what is wrong: an unknown operator, or a value that the operator cannot take.
 */
export function compileConditions(element: unknown, hasVariables: boolean): Condition[] {
  if (element === undefined) return [];
  if (!isRecord(element)) throw new RangeError(`Condition must be an object, got ${JSON.stringify(element)}`);
  return Object.entries(element).flatMap(([operator, tests]) => {
    if (!isRecord(tests)) throw new RangeError(`Condition.${operator} must be an object of condition keys`);
    return Object.entries(tests).map(([key, values]) => compileCondition(operator, key, values, hasVariables));
  });
}

function compileCondition(operatorName: string, name: string, element: unknown, hasVariables: boolean): Condition {
  const key = name.toLowerCase();
  const policyValues = [element].flat().map(String);
  const [, quantifier, base = '', ifExists] = /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(
    operatorName.toLowerCase(),
  ) ?? ['', undefined, ''];
  if (base === 'null') {
    const wanted = policyValues.map((value) => value.toLowerCase() === 'true');
    return { keys: [key], holds: (context) => wanted.includes(isMissing(context(key))) };
  }
  const operator = Object.hasOwn(OPERATORS, base) ? OPERATORS[base] : undefined;
  if (!operator) throw new RangeError(`the condition operator '${operatorName}' is not one of IAM's`);
  const tests = policyValues.map((value) => operator.compile(value, hasVariables));
  const { negated } = operator;
  const matchesOne = (value: string, context: Context): boolean =>
    tests.some((test) => test.matches(value, context)) !== negated;
  return {
    keys: [key, ...tests.flatMap((test) => test.variables)],
    holds: (context) => {
      const values = context(key);
      if (values === undefined || values.length === 0) {
        if (quantifier === 'forallvalues' || ifExists !== undefined) return true;
        return negated && quantifier === undefined;
      }
      if (typeof values === 'string') return matchesOne(values, context);
      // Without a quantifier IAM leaves a key of many values open: a match of any counts, and for `Not…` of none.
      const all = quantifier === 'forallvalues' || (quantifier === undefined && negated);
      return all
        ? values.every((value) => matchesOne(value, context))
        : values.some((value) => matchesOne(value, context));
    },
  };
}

function isMissing(values: Values): boolean {
  return values === undefined || values.length === 0;
}

/** Whether a value out of JSON is an object, and no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
