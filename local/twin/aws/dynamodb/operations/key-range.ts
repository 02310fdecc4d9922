import { validationError } from '../dynamodb-error.ts';
import type { BoundKeyCondition, QueryRequest } from '../input/read-many-input.ts';
import { type KeyAttribute, type KeySchema, keyAttributes, partitionKey } from '../storage/key-schema.ts';
import type { AttributeValue } from '../values/attribute-value.ts';
import { AFTER_TERMINATOR, afterPrefix, orderedPart, TERMINATOR } from '../values/sort-order.ts';

/** Part of a partition: sort keys from `from` up to, but not at, `to`. */
export interface KeyRange {
  readonly partition: string;
  readonly from: string;
  readonly to: string | undefined;
}

type Conditions = QueryRequest['keyConditions'];
const NOT_INDEXABLE = new Set<string>(['NULL', 'NOT_NULL', 'NE', 'CONTAINS', 'NOT_CONTAINS', 'IN']);

/**
 * What the conditions of a query cover: all attributes of the partition key by equality, those of the sort key from left to
 * right, where only the last may be a range.
 *
 * @throws AwsError ValidationException
 */
export function keyRange(conditions: Conditions, schema: KeySchema): KeyRange {
  checkConditions(conditions, schema);
  const equal: Record<string, AttributeValue> = {};
  for (const { name } of schema.hash) equal[name] = conditions[name]?.values[0] ?? {};
  let prefix = '';
  for (const { name } of schema.range) {
    const condition = conditions[name];
    if (!condition) break;
    if (condition.operator !== 'EQ') {
      return { partition: partitionKey(equal, schema.hash), ...rangeOf(condition, prefix) };
    }
    prefix += orderedPart(condition.values[0] ?? {}) + TERMINATOR;
  }
  return { partition: partitionKey(equal, schema.hash), from: prefix, to: endOf(prefix) };
}

function rangeOf({ operator, values }: BoundKeyCondition, prefix: string): Pick<KeyRange, 'from' | 'to'> {
  const [first = {}, second = {}] = values;
  const part = prefix + orderedPart(first);
  switch (operator) {
    case 'LT':
      return { from: prefix, to: part + TERMINATOR };
    case 'LE':
      return { from: prefix, to: part + AFTER_TERMINATOR };
    case 'GT':
      return { from: part + AFTER_TERMINATOR, to: endOf(prefix) };
    case 'GE':
      return { from: part + TERMINATOR, to: endOf(prefix) };
    case 'BETWEEN':
      return { from: part + TERMINATOR, to: prefix + orderedPart(second) + AFTER_TERMINATOR };
    default:
      return { from: part, to: afterPrefix(part) };
  }
}

/** Where keys end that begin with complete parts. */
function endOf(prefix: string): string | undefined {
  return prefix === '' ? undefined : prefix.slice(0, -TERMINATOR.length) + AFTER_TERMINATOR;
}

function checkConditions(conditions: Conditions, schema: KeySchema): void {
  const attributes = keyAttributes(schema);
  const count = Object.keys(conditions).length;
  if (attributes.length === 1 && count > 1) throw validationError('Query key condition not supported');
  let used = 0;
  let wasRange = false;
  for (const attribute of attributes) {
    const condition = conditions[attribute.name];
    const isHash = schema.hash.includes(attribute);
    if (!condition) {
      if (isHash || used < count) throw validationError(`Query condition missed key schema element: ${attribute.name}`);
      return;
    }
    checkCondition(condition, attribute, isHash);
    if (wasRange) throw validationError('Query key condition not supported');
    wasRange = condition.operator !== 'EQ';
    used += 1;
  }
  if (used < count) throw validationError('Query key condition not supported');
}

function checkCondition({ operator, values }: BoundKeyCondition, { type }: KeyAttribute, isHash: boolean): void {
  if (NOT_INDEXABLE.has(operator)) {
    throw validationError('Attempted conditional constraint is not an indexable operation');
  }
  if (values.some((value) => value[type] === undefined)) {
    throw validationError(
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    );
  }
  for (const value of values) {
    if (value.S !== '' && value.B !== '') continue;
    if (operator === 'BEGINS_WITH') continue;
    throw validationError(
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ' +
        `${value.S === '' ? 'string' : 'binary'} value.`,
    );
  }
  if (isHash && operator !== 'EQ') throw validationError('Query key condition not supported');
}
