import type { Input } from '../../aws-call.ts';
import { validationError } from '../dynamodb-error.ts';
import type { Expressions } from '../expressions/expression.ts';
import type { Item } from '../values/attribute-value.ts';
import { checkInput, type OperationRules, rulesOf } from './dynalite.ts';
import {
  type CapacityMode,
  checkItemBytes,
  type GetRequest,
  type KeyedWriteRequest,
  type PutRequest,
} from './item-input.ts';
import { plainAttributes } from './plain-attributes.ts';
import { expressionsOf } from './read-input.ts';

/** What one table is asked for. */
export interface BatchGetTable {
  readonly tableName: string;
  readonly keys: readonly Item[];
  readonly request: Omit<GetRequest, 'key'>;
  /** Members that `UnprocessedKeys` repeats. */
  readonly rest: Readonly<Record<string, unknown>>;
}

export type BatchWriteRequest = (
  | (PutRequest & { readonly kind: 'put' })
  | (KeyedWriteRequest & { readonly kind: 'delete' })
) & {
  /** As it came, for `UnprocessedItems`. */
  readonly input: unknown;
};

const GET_RULES = rulesOf('batchGetItem');
const WRITE_RULES = batchWriteRules();
const WRITES_MAX = 25;
const NO_EXPRESSIONS: Expressions = { values: {} };

/** @throws AwsError ValidationException */
export function readBatchGet(input: Input): {
  readonly tables: readonly BatchGetTable[];
  readonly capacity: CapacityMode;
} {
  const data = checkInput(input, GET_RULES);
  const capacity = (data.ReturnConsumedCapacity ?? 'NONE') as CapacityMode;
  const tables = Object.entries(data.RequestItems as Record<string, Record<string, unknown>>).map(
    ([tableName, { Keys, ...rest }]): BatchGetTable => {
      const expressions = expressionsOf(rest) ?? NO_EXPRESSIONS;
      const keys = (Keys as unknown[]).map(readAttributes);
      const request = { tableName, expressions, capacity, isConsistent: rest.ConsistentRead === true };
      const { ConsistentRead, ProjectionExpression, ExpressionAttributeNames, AttributesToGet } = rest;
      const repeated = { ConsistentRead, ProjectionExpression, ExpressionAttributeNames, AttributesToGet };
      return { tableName, keys, request, rest: repeated };
    },
  );
  return { tables, capacity };
}

/** @throws AwsError ValidationException */
export function readBatchWrite(input: Input): {
  readonly writes: readonly BatchWriteRequest[];
  readonly capacity: CapacityMode;
} {
  const data = checkInput(input, WRITE_RULES);
  const capacity = (data.ReturnConsumedCapacity ?? 'NONE') as CapacityMode;
  const writes = Object.entries(data.RequestItems as Record<string, Record<string, Record<string, unknown>>[]>).flatMap(
    ([tableName, requests]) => requests.map((request) => readWrite(tableName, request, capacity)),
  );
  return { writes, capacity };
}

function readWrite(
  tableName: string,
  input: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  capacity: CapacityMode,
): BatchWriteRequest {
  const base = {
    tableName,
    capacity,
    expressions: NO_EXPRESSIONS,
    returnValues: 'NONE',
    returnsItemOnFailure: false,
    input,
  };
  if (input.DeleteRequest) return { ...base, kind: 'delete', key: readAttributes(input.DeleteRequest.Key) };
  const item = readAttributes(input.PutRequest?.Item);
  checkItemBytes(item);
  return { ...base, kind: 'put', item };
}

function readAttributes(value: unknown): Item {
  const attributes = plainAttributes(value);
  if (!attributes) throw validationError('The provided key element does not match the schema');
  return attributes;
}

/** dynalite counts the requests of each table; the limit is for all of them. */
function batchWriteRules(): OperationRules {
  const { types, custom } = rulesOf('batchWriteItem');
  return {
    types,
    custom: (data, store) => {
      const requests = Object.values(data.RequestItems as Record<string, readonly unknown[]>).flat();
      if (requests.length > WRITES_MAX) return 'Too many items requested for the BatchWriteItem call';
      return custom?.(data, store);
    },
  };
}
