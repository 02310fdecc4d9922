import type { Input } from '../../aws-call.ts';
import { AwsError } from '../../aws-error.ts';
import { SCHEMA_MISMATCH, validationError } from '../dynamodb-error.ts';
import { type BatchWriteRequest, readBatchGet, readBatchWrite } from '../input/batch-input.ts';
import type { CapacityMode } from '../input/capacity-mode.ts';
import { requestedKey } from '../storage/key-schema.ts';
import type { Table } from '../storage/table.ts';
import type { Item } from '../values/attribute-value.ts';
import { itemBytes } from '../values/item-size.ts';
import { addIndexUnits, type Consumed, consumed, consumedCapacity } from './consumed-capacity.ts';
import type { DynamoDb } from './dynamodb.ts';
import { getItem } from './item-operations.ts';
import { commit, indexChanges, planDelete, planPut, type WritePlan, writeConsumption } from './write-plan.ts';

/** An answer has at most 16 MB of items; what is beyond is left unprocessed. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/** BatchGetItem and BatchWriteItem. */
export function batchOperations(dynamodb: DynamoDb) {
  return {
    BatchGetItem: (input: Input) => batchGet(dynamodb, input),
    BatchWriteItem: (input: Input) => batchWrite(dynamodb, input),
  };
}

function batchGet(dynamodb: DynamoDb, input: Input): Record<string, unknown> {
  const { tables, capacity } = readBatchGet(input);
  for (const { tableName, keys } of tables) {
    const table = dynamodb.tables.get(tableName);
    for (const key of keys) requestedKey(key, table.schema);
  }
  const Responses: Record<string, Item[]> = {};
  const UnprocessedKeys: Record<string, unknown> = {};
  const capacities = new Map<Table, Consumed>();
  let bytes = 0;
  let isFull = false;
  const refusals = new Refusals();
  for (const { tableName, keys, request, rest } of tables) {
    const items: Item[] = [];
    const unprocessed: Item[] = [];
    for (const key of keys) {
      const output = isFull ? undefined : refusals.attempt(() => getItem(dynamodb, { ...request, key }));
      const item = output?.Item as Item | undefined;
      bytes += item ? itemBytes(item) : 0;
      isFull ||= bytes > ANSWER_BYTES_MAX;
      if (!output || isFull) {
        unprocessed.push(key);
        continue;
      }
      const units = (output.ConsumedCapacity as { readonly CapacityUnits?: number } | undefined)?.CapacityUnits ?? 0;
      addUnits(capacities, consumed(dynamodb.tables.get(tableName), units));
      if (item) items.push(item);
    }
    Responses[tableName] = items;
    if (unprocessed.length > 0) UnprocessedKeys[tableName] = { ...rest, Keys: unprocessed };
  }
  refusals.throwIfAll();
  return { Responses, UnprocessedKeys, ...batchCapacity(capacities, capacity) };
}

function batchWrite(dynamodb: DynamoDb, input: Input): Record<string, unknown> {
  const { writes, capacity } = readBatchWrite(input);
  const seen = new Set<string>();
  const planOf = (write: BatchWriteRequest): WritePlan => {
    const table = dynamodb.tables.get(write.tableName);
    return write.kind === 'put' ? planPut(table, write) : planDelete(table, write);
  };
  // All requests are checked before the first is carried out.
  for (const write of writes) {
    const { table, key } = checkedPlan(() => planOf(write));
    const place = JSON.stringify([table.name, key.partition, key.sort]);
    if (seen.has(place)) throw validationError('Provided list of item keys contains duplicates');
    seen.add(place);
  }
  const UnprocessedItems: Record<string, unknown[]> = {};
  const capacities = new Map<Table, Consumed>();
  const refusals = new Refusals();
  for (const write of writes) {
    const isDone = refusals.attempt(() => {
      const plan = planOf(write);
      const changes = dynamodb.throughput || capacity !== 'NONE' ? indexChanges(plan) : [];
      dynamodb.throughput?.write(plan, changes);
      commit(plan);
      if (capacity !== 'NONE') addUnits(capacities, writeConsumption(plan, changes));
      return true;
    });
    if (!isDone) UnprocessedItems[write.tableName] = [...(UnprocessedItems[write.tableName] ?? []), write.input];
  }
  refusals.throwIfAll();
  return { UnprocessedItems, ...batchCapacity(capacities, capacity) };
}

/** A batch says of keys only that they do not fit. */
function checkedPlan(plan: () => WritePlan): WritePlan {
  try {
    return plan();
  } catch (error) {
    if (error instanceof AwsError && /Missing the key|Type mismatch for key/.test(error.message)) {
      throw validationError(SCHEMA_MISMATCH);
    }
    throw error;
  }
}

/** A batch fails by throttling only where all of its requests do. */
class Refusals {
  #attempts = 0;
  #refused = 0;
  #first: AwsError | undefined;

  attempt<T>(run: () => T): T | undefined {
    this.#attempts += 1;
    try {
      return run();
    } catch (error) {
      if (!(error instanceof AwsError) || error.members.ThrottlingReasons === undefined) throw error;
      this.#refused += 1;
      this.#first ??= error;
      return undefined;
    }
  }

  throwIfAll(): void {
    if (this.#first && this.#refused === this.#attempts) throw this.#first;
  }
}

function addUnits(capacities: Map<Table, Consumed>, { table, units, indexUnits }: Consumed): void {
  const total = capacities.get(table) ?? consumed(table);
  total.units += units;
  for (const [index, amount] of indexUnits) addIndexUnits(total, index, amount);
  capacities.set(table, total);
}

export function batchCapacity(
  capacities: ReadonlyMap<Table, Consumed>,
  mode: CapacityMode,
  kind?: 'Read' | 'Write',
): { readonly ConsumedCapacity?: readonly unknown[] } {
  if (mode === 'NONE') return {};
  return { ConsumedCapacity: [...capacities.values()].map((units) => consumedCapacity(units, mode, kind)) };
}
