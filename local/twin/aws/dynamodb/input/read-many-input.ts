import type { Input } from '../../aws-call.ts';
import { validationError } from '../dynamodb-error.ts';
import { compareValues } from '../expressions/compare-values.ts';
import { type Expressions, KEY_OPERATORS, type KeyOperator } from '../expressions/expression.ts';
import { type AttributeType, type AttributeValue, type Item, typeOf } from '../values/attribute-value.ts';
import { capacityModeOf, isCapacityMode } from './capacity-mode.ts';
import { type OperationRules, rulesOf } from './dynalite.ts';
import type { ItemRequest } from './item-input.ts';
import { plainAttributes } from './plain-attributes.ts';
import {
  expressionsOf,
  type InputReader,
  isAnything,
  isBoolean,
  isName,
  isPositiveInteger,
  isText,
  oneOf,
  readInput,
} from './read-input.ts';

/** What Query and Scan have in common. */
export interface ReadManyRequest extends ItemRequest {
  readonly indexName: string | undefined;
  readonly limit: number | undefined;
  readonly select: string | undefined;
  readonly isConsistent: boolean;
  readonly startKey: Item | undefined;
}

/** A condition of a query with its values. */
export interface BoundKeyCondition {
  readonly operator: KeyOperator;
  readonly values: readonly AttributeValue[];
}

export interface QueryRequest extends ReadManyRequest {
  readonly keyConditions: Readonly<Record<string, BoundKeyCondition>>;
  readonly isDescending: boolean;
}

export interface ScanRequest extends ReadManyRequest {
  readonly segment: number;
  readonly totalSegments: number;
}

/** A global index may have four attributes of each kind in its key. */
const KEY_CONDITIONS_MAX = 8;
const MEMBERS = {
  TableName: isName,
  IndexName: isName,
  Select: oneOf('ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'COUNT', 'SPECIFIC_ATTRIBUTES'),
  Limit: isPositiveInteger,
  ConsistentRead: isBoolean,
  ExclusiveStartKey: isAnything,
  FilterExpression: isText,
  ProjectionExpression: isText,
  ExpressionAttributeNames: isAnything,
  ExpressionAttributeValues: isAnything,
  ReturnConsumedCapacity: isCapacityMode,
};

const query = rulesOf('query');
const QUERY: InputReader<QueryRequest> = {
  rules: { types: query.types, custom: queryRules(query) },
  members: { ...MEMBERS, KeyConditionExpression: isText, ScanIndexForward: isBoolean },
  build: (input) => {
    const base = buildBase(input);
    const keyConditions = base && boundConditions(base.expressions);
    if (!base || !keyConditions) return undefined;
    return { ...base, keyConditions, isDescending: input.ScanIndexForward === false };
  },
};

const scan = rulesOf('scan');
const SCAN: InputReader<ScanRequest> = {
  // ConsistentRead came to Scan after dynalite was written.
  rules: { ...scan, types: { ...scan.types, ConsistentRead: 'Boolean' } },
  members: MEMBERS,
  build: (input) => {
    const base = buildBase(input);
    if (!base) return undefined;
    return { ...base, segment: Number(input.Segment ?? 0), totalSegments: Number(input.TotalSegments ?? 1) };
  },
};

export const readQuery = (input: Input): QueryRequest => checkSelect(readInput(input, QUERY));
export const readScan = (input: Input): ScanRequest => checkSelect(readInput(input, SCAN));

function buildBase(input: Input): ReadManyRequest | undefined {
  const { ExclusiveStartKey } = input;
  const expressions = expressionsOf(input);
  const startKey = ExclusiveStartKey === undefined ? undefined : plainAttributes(ExclusiveStartKey);
  if (!expressions || input.TableName === undefined) return undefined;
  if (ExclusiveStartKey !== undefined && !startKey) return undefined;
  return {
    tableName: String(input.TableName),
    expressions,
    capacity: capacityModeOf(input),
    indexName: input.IndexName as string | undefined,
    limit: input.Limit as number | undefined,
    select: input.Select as string | undefined,
    isConsistent: input.ConsistentRead === true,
    startKey,
  };
}

/** dynalite's rules, but for indexes whose key has more attributes than it knows of. */
function queryRules({ custom }: OperationRules): OperationRules['custom'] {
  return (data, store) => {
    const message = custom?.(data, store);
    const count = Object.keys((data.KeyConditions ?? {}) as object).length;
    const isMultiAttribute = count > 2 && count <= KEY_CONDITIONS_MAX;
    const wasFromExpression = data.KeyConditionExpression !== undefined;
    // The rules put conditions of the expression there, where the twin would take them for the legacy parameter.
    if (wasFromExpression) delete data.KeyConditions;
    return isMultiAttribute && message === 'Conditions can be of length 1 or 2 only' ? undefined : message;
  };
}

/** Conditions whose values DynamoDB can compare; the others are dynalite's to refuse. */
function boundConditions({ keyConditions, values }: Expressions): QueryRequest['keyConditions'] | undefined {
  if (!keyConditions) return undefined;
  const bound: Record<string, BoundKeyCondition> = {};
  let count = 0;
  for (const name in keyConditions) {
    const condition = keyConditions[name];
    const operands = condition?.values.map((placeholder) => values[placeholder] ?? {}) ?? [];
    if (!condition || !areComparable(condition.operator, operands)) return undefined;
    bound[name] = { operator: condition.operator, values: operands };
    count += 1;
  }
  return count >= 1 && count <= KEY_CONDITIONS_MAX ? bound : undefined;
}

const KEY_TYPES: readonly AttributeType[] = ['S', 'N', 'B'];

function areComparable(operator: KeyOperator, values: readonly AttributeValue[]): boolean {
  // Other operators are refused when the attribute is known.
  if (!KEY_OPERATORS.includes(operator)) return operator !== undefined;
  const [first, second] = values;
  if (!first || !KEY_TYPES.includes(typeOf(first))) return false;
  if (operator === 'BEGINS_WITH') return first.N === undefined && !second;
  if (operator !== 'BETWEEN') return !second;
  return second !== undefined && (compareValues(first, second) ?? 1) <= 0;
}

/** @throws AwsError ValidationException */
function checkSelect<R extends ReadManyRequest>(request: R): R {
  const { select, indexName, expressions } = request;
  const refuse = (what: string) => validationError(`One or more parameter values were invalid: ${what}`);
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && indexName === undefined) {
    throw refuse('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  if (select === 'SPECIFIC_ATTRIBUTES' && !expressions.projection) {
    throw refuse('Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES');
  }
  if (select?.startsWith('ALL') && expressions.projection) {
    throw validationError(`Cannot specify the ProjectionExpression when choosing to get ${select}`);
  }
  return request;
}
