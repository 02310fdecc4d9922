import { validationError } from '../dynamodb-error.ts';
import type {
  Comparator,
  Condition,
  ConditionExpression,
  Expressions,
  KeyCondition,
  KeyOperator,
  Operand,
  UpdateAction,
} from '../expressions/expression.ts';
import type { AttributeValue } from '../values/attribute-value.ts';
import { plainAttributes } from './plain-attributes.ts';

/** A condition as `Expected`, `QueryFilter`, `ScanFilter` and `KeyConditions` have it. */
interface LegacyCondition {
  readonly ComparisonOperator?: string;
  readonly AttributeValueList?: readonly unknown[];
  readonly Value?: unknown;
  readonly Exists?: boolean;
}

interface LegacyUpdate {
  readonly Action?: string;
  readonly Value?: unknown;
}

type LegacyConditions = Readonly<Record<string, LegacyCondition>>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const COMPARATORS: Readonly<Record<string, Comparator>> = {
  EQ: '=',
  NE: '<>',
  LT: '<',
  LE: '<=',
  GT: '>',
  GE: '>=',
};

/**
 * The parameters that came before expressions, as expressions: there is one way of evaluating them. They have passed
 * dynalite's rules.
 */
export function legacyExpressions(data: Readonly<Record<string, unknown>>): Expressions {
  const values: Record<string, AttributeValue> = {};
  const name = (value: unknown): string => {
    const placeholder = String(Object.keys(values).length);
    const plain = plainAttributes({ value })?.value;
    if (!plain) throw validationError('The parameter cannot be converted to a numeric value');
    values[placeholder] = plain;
    return placeholder;
  };
  const expressions: Mutable<Expressions> = { values };
  const { AttributeUpdates, Expected, KeyConditions, AttributesToGet } = data;
  const filter = data.QueryFilter ?? data.ScanFilter;
  const isOr = data.ConditionalOperator === 'OR';
  if (AttributeUpdates) expressions.update = updateOf(AttributeUpdates as Record<string, LegacyUpdate>, name);
  if (Expected) expressions.condition = conditionsOf(Expected as LegacyConditions, isOr, name);
  if (filter) expressions.filter = conditionsOf(filter as LegacyConditions, isOr, name);
  if (KeyConditions) expressions.keyConditions = keyConditionsOf(KeyConditions as LegacyConditions, name);
  if (AttributesToGet) {
    expressions.projection = { paths: (AttributesToGet as string[]).map((attribute) => [attribute]), nested: [] };
  }
  return expressions;
}

function keyConditionsOf(conditions: LegacyConditions, name: (value: unknown) => string): Record<string, KeyCondition> {
  return Object.fromEntries(
    Object.entries(conditions).map(([attribute, { ComparisonOperator, AttributeValueList = [] }]) => [
      attribute,
      { operator: ComparisonOperator as KeyOperator, values: AttributeValueList.map(name) },
    ]),
  );
}

function conditionsOf(
  conditions: LegacyConditions,
  isOr: boolean,
  name: (value: unknown) => string,
): ConditionExpression | undefined {
  const all = Object.entries(conditions).map(([attribute, condition]) => conditionOf(attribute, condition, name));
  if (all.length === 0) return undefined;
  return { condition: { kind: isOr ? 'or' : 'and', all }, heads: new Set(Object.keys(conditions)), nested: [] };
}

function conditionOf(attribute: string, condition: LegacyCondition, name: (value: unknown) => string): Condition {
  const operand: Operand = { kind: 'path', path: [attribute] };
  const list = condition.AttributeValueList ?? (condition.Value === undefined ? [] : [condition.Value]);
  const args = list.map((value): Operand => ({ kind: 'value', name: name(value) }));
  const [first = operand, second = operand] = args;
  const call = (functionName: 'attribute_exists' | 'attribute_not_exists' | 'begins_with' | 'contains'): Condition => {
    return { kind: 'function', name: functionName, args: [operand, ...args] };
  };
  if (condition.Exists === false) return call('attribute_not_exists');
  const operator = condition.ComparisonOperator ?? 'EQ';
  switch (operator) {
    case 'NULL':
      return call('attribute_not_exists');
    case 'NOT_NULL':
      return call('attribute_exists');
    case 'CONTAINS':
      return call('contains');
    case 'NOT_CONTAINS':
      return { kind: 'not', condition: call('contains') };
    case 'BEGINS_WITH':
      return call('begins_with');
    case 'IN':
      return { kind: 'in', operand, list: args };
    case 'BETWEEN':
      return { kind: 'between', operand, low: first, high: second };
    default:
      return { kind: 'compare', by: COMPARATORS[operator] ?? '=', left: operand, right: first };
  }
}

function updateOf(
  updates: Readonly<Record<string, LegacyUpdate>>,
  name: (value: unknown) => string,
): Expressions['update'] {
  const actions = Object.entries(updates).map(([attribute, { Action = 'PUT', Value }]): UpdateAction => {
    const path = [attribute];
    if (Value === undefined) return { kind: 'remove', path };
    const value = name(Value);
    if (Action === 'PUT') return { kind: 'set', path, value: { kind: 'value', name: value } };
    return { kind: Action === 'ADD' ? 'add' : 'delete', path, value };
  });
  return { actions, paths: actions.map(({ path }) => path), nested: [], types: new Map() };
}
