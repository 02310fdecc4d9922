import type { Input } from '../../aws-call.ts';
import { projectItem } from '../expressions/project-item.ts';
import {
  type GetRequest,
  type KeyedWriteRequest,
  readDelete,
  readGet,
  readPut,
  readUpdate,
  type WriteRequest,
} from '../input/item-input.ts';
import { requestedKey } from '../storage/key-schema.ts';
import type { Item } from '../values/attribute-value.ts';
import { readUnits } from '../values/item-size.ts';
import { consumed, consumedCapacity } from './consumed-capacity.ts';
import type { DynamoDb } from './dynamodb.ts';
import {
  commit,
  indexChanges,
  planDelete,
  planPut,
  planUpdate,
  refuseIfNotAllowed,
  type WritePlan,
  writeConsumption,
} from './write-plan.ts';

/** GetItem, PutItem, DeleteItem, UpdateItem. */
export function itemOperations(dynamodb: DynamoDb) {
  const { tables } = dynamodb;
  return {
    GetItem: (input: Input) => getItem(dynamodb, readGet(input)),
    PutItem: (input: Input) => {
      const request = readPut(input);
      const plan = planPut(tables.get(request.tableName), request);
      return { ...write(dynamodb, plan, request), ...oldAttributes(plan, request) };
    },
    DeleteItem: (input: Input) => {
      const request = readDelete(input);
      const plan = planDelete(tables.get(request.tableName), request);
      return { ...write(dynamodb, plan, request), ...oldAttributes(plan, request) };
    },
    UpdateItem: (input: Input) => {
      const request = readUpdate(input);
      const plan = planUpdate(tables.get(request.tableName), request);
      return { ...write(dynamodb, plan, request), ...updatedAttributes(plan, request) };
    },
  };
}

export function getItem(dynamodb: DynamoDb, request: GetRequest): Record<string, unknown> {
  const { key, isConsistent, capacity, expressions } = request;
  const table = dynamodb.tables.get(request.tableName);
  const place = requestedKey(key, table.schema);
  const found = table.get(place);
  const units = readUnits(found?.bytes ?? 0, isConsistent);
  dynamodb.throughput?.read(table, undefined, place.partition, units);
  const output: Record<string, unknown> = {};
  if (found) output.Item = expressions.projection ? projectItem(found.item, expressions.projection.paths) : found.item;
  if (capacity !== 'NONE') output.ConsumedCapacity = consumedCapacity(consumed(table, units), capacity);
  return output;
}

function write(dynamodb: DynamoDb, plan: WritePlan, request: WriteRequest): Record<string, unknown> {
  const output: Record<string, unknown> = {};
  if (dynamodb.throughput || request.capacity !== 'NONE') {
    const changes = indexChanges(plan);
    dynamodb.throughput?.write(plan, changes);
    const capacity = consumedCapacity(writeConsumption(plan, changes), request.capacity);
    if (capacity) output.ConsumedCapacity = capacity;
  }
  refuseIfNotAllowed(plan, request.returnsItemOnFailure);
  commit(plan);
  return output;
}

function oldAttributes({ before }: WritePlan, { returnValues }: WriteRequest): { readonly Attributes?: Item } {
  return before && returnValues === 'ALL_OLD' ? { Attributes: before.item } : {};
}

function updatedAttributes({ before, after }: WritePlan, request: KeyedWriteRequest): { readonly Attributes?: Item } {
  const { returnValues, expressions } = request;
  if (returnValues === 'NONE') return {};
  const source = returnValues.endsWith('OLD') ? before : after;
  if (!source) return {};
  if (returnValues.startsWith('ALL')) return { Attributes: source.item };
  return { Attributes: projectItem(source.item, expressions.update?.paths ?? []) };
}
