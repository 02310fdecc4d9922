import type { Input } from '../../aws-call.ts';
import { validationError } from '../dynamodb-error.ts';
import type { Expressions } from '../expressions/expression.ts';
import type { Item } from '../values/attribute-value.ts';
import { ITEM_BYTES_MAX, itemBytes } from '../values/item-size.ts';
import { type CapacityMode, capacityModeOf, isCapacityMode } from './capacity-mode.ts';
import { rulesOf } from './dynalite.ts';
import { plainAttributes } from './plain-attributes.ts';
import {
  expressionsOf,
  type InputReader,
  isAnything,
  isBoolean,
  isName,
  isText,
  oneOf,
  readInput,
} from './read-input.ts';

export interface ItemRequest {
  readonly tableName: string;
  readonly expressions: Expressions;
  readonly capacity: CapacityMode;
}

export interface GetRequest extends ItemRequest {
  readonly key: Item;
  readonly isConsistent: boolean;
}

/** What the writes of one item have in common. */
export interface WriteRequest extends ItemRequest {
  readonly returnValues: string;
  /** Whether the item is returned when it does not satisfy the condition. */
  readonly returnsItemOnFailure: boolean;
}

export interface PutRequest extends WriteRequest {
  readonly item: Item;
}

export interface KeyedWriteRequest extends WriteRequest {
  readonly key: Item;
}

const ON_FAILURE = { ReturnValuesOnConditionCheckFailure: { type: 'String', enum: ['ALL_OLD', 'NONE'] } };
const placeholders = { ExpressionAttributeNames: isAnything, ExpressionAttributeValues: isAnything };
const ofWrites = {
  TableName: isName,
  ConditionExpression: isText,
  ReturnConsumedCapacity: isCapacityMode,
  ReturnItemCollectionMetrics: oneOf('NONE', 'SIZE'),
  ReturnValuesOnConditionCheckFailure: oneOf('NONE', 'ALL_OLD'),
  ...placeholders,
};

const GET: InputReader<GetRequest> = {
  rules: rulesOf('getItem'),
  members: {
    TableName: isName,
    Key: isAnything,
    ConsistentRead: isBoolean,
    ProjectionExpression: isText,
    ReturnConsumedCapacity: isCapacityMode,
    ExpressionAttributeNames: isAnything,
  },
  build: (input) => {
    const [key, expressions] = [plainAttributes(input.Key), expressionsOf(input)];
    if (!key || !expressions || input.TableName === undefined) return undefined;
    return { ...base(input, expressions), key, isConsistent: input.ConsistentRead === true };
  },
};

const PUT: InputReader<PutRequest> = {
  rules: withMembers('putItem', ON_FAILURE),
  members: { ...ofWrites, Item: isAnything, ReturnValues: oneOf('NONE', 'ALL_OLD') },
  build: (input) => {
    const [item, expressions] = [plainAttributes(input.Item), expressionsOf(input)];
    if (!item || !expressions || input.TableName === undefined) return undefined;
    return { ...writeBase(input, expressions), item };
  },
};

const DELETE: InputReader<KeyedWriteRequest> = {
  rules: withMembers('deleteItem', ON_FAILURE),
  members: { ...ofWrites, Key: isAnything, ReturnValues: oneOf('NONE', 'ALL_OLD') },
  build: keyedWrite,
};

const UPDATE: InputReader<KeyedWriteRequest> = {
  rules: withMembers('updateItem', ON_FAILURE),
  members: {
    ...ofWrites,
    Key: isAnything,
    UpdateExpression: isText,
    ReturnValues: oneOf('NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'),
  },
  build: keyedWrite,
};

export const readGet = (input: Input): GetRequest => readInput(input, GET);
export const readDelete = (input: Input): KeyedWriteRequest => readInput(input, DELETE);
export const readUpdate = (input: Input): KeyedWriteRequest => readInput(input, UPDATE);

export function readPut(input: Input): PutRequest {
  const request = readInput(input, PUT);
  checkItemBytes(request.item);
  return request;
}

/** @throws AwsError ValidationException */
export function checkItemBytes(item: Item): void {
  if (itemBytes(item) > ITEM_BYTES_MAX) throw validationError('Item size has exceeded the maximum allowed size');
}

function keyedWrite(input: Input): KeyedWriteRequest | undefined {
  const [key, expressions] = [plainAttributes(input.Key), expressionsOf(input)];
  if (!key || !expressions || input.TableName === undefined) return undefined;
  return { ...writeBase(input, expressions), key };
}

function base(input: Input, expressions: Expressions): ItemRequest {
  return {
    tableName: String(input.TableName),
    expressions,
    capacity: capacityModeOf(input),
  };
}

function writeBase(input: Input, expressions: Expressions): WriteRequest {
  return {
    ...base(input, expressions),
    returnValues: String(input.ReturnValues ?? 'NONE'),
    returnsItemOnFailure: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  };
}

function withMembers(operation: string, members: Readonly<Record<string, unknown>>) {
  const rules = rulesOf(operation);
  return { ...rules, types: { ...rules.types, ...members } };
}
