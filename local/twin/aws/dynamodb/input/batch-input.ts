import type { Input } from '../../aws-call.ts';
import type { Expressions } from '../expressions/expression.ts';
import type { Item } from '../values/attribute-value.ts';
import { type CapacityMode, capacityModeOf, isCapacityMode } from './capacity-mode.ts';
import { checkInput, type OperationRules, rulesOf } from './dynalite.ts';
import { checkItemBytes, type GetRequest, type KeyedWriteRequest, type PutRequest } from './item-input.ts';
import { plainAttributes } from './plain-attributes.ts';
import { expressionsOf, type InputReader, isAnything, isName, oneOf, readInput } from './read-input.ts';

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
const WRITES_MAX = 25;
const NO_EXPRESSIONS: Expressions = { values: {} };

/** @throws AwsError ValidationException */
export function readBatchGet(input: Input): {
  readonly tables: readonly BatchGetTable[];
  readonly capacity: CapacityMode;
} {
  const data = checkInput(input, GET_RULES);
  const capacity = capacityModeOf(data);
  const tables = Object.entries(data.RequestItems as Record<string, Record<string, unknown>>).map(
    ([tableName, { Keys, ...rest }]): BatchGetTable => {
      const expressions = expressionsOf(rest) ?? NO_EXPRESSIONS;
      const keys = (Keys as unknown[]).map((key) => plainAttributes(key) ?? {});
      const request = { tableName, expressions, capacity, isConsistent: rest.ConsistentRead === true };
      return { tableName, keys, request, rest };
    },
  );
  return { tables, capacity };
}

/** What a batch writes. */
export interface BatchWriteInput {
  readonly writes: readonly BatchWriteRequest[];
  readonly capacity: CapacityMode;
}

const WRITE: InputReader<BatchWriteInput> = {
  rules: batchWriteRules(),
  members: {
    RequestItems: isAnything,
    ReturnConsumedCapacity: isCapacityMode,
    ReturnItemCollectionMetrics: oneOf('NONE', 'SIZE'),
  },
  build: (input) => {
    const { RequestItems } = input;
    const capacity = capacityModeOf(input);
    if (typeof RequestItems !== 'object' || RequestItems === null) return undefined;
    const writes: BatchWriteRequest[] = [];
    for (const [tableName, requests] of Object.entries(RequestItems)) {
      if (!isName(tableName) || !Array.isArray(requests) || requests.length === 0) return undefined;
      for (const request of requests) {
        const write = readWrite(tableName, request, capacity);
        if (!write) return undefined;
        writes.push(write);
      }
    }
    return writes.length > 0 && writes.length <= WRITES_MAX ? { writes, capacity } : undefined;
  },
};

/** @throws AwsError ValidationException */
export function readBatchWrite(input: Input): BatchWriteInput {
  const batch = readInput(input, WRITE);
  for (const write of batch.writes) if (write.kind === 'put') checkItemBytes(write.item);
  return batch;
}

function readWrite(tableName: string, input: unknown, capacity: CapacityMode): BatchWriteRequest | undefined {
  const [entry, other] = Object.entries(input ?? {}) as [string, { readonly Item?: unknown; readonly Key?: unknown }][];
  if (!entry?.[1] || other) return undefined;
  const [kind, { Item, Key }] = entry;
  const attributes = plainAttributes(kind === 'PutRequest' ? Item : Key);
  if (!attributes || (kind !== 'PutRequest' && kind !== 'DeleteRequest')) return undefined;
  const base = {
    tableName,
    capacity,
    expressions: NO_EXPRESSIONS,
    returnValues: 'NONE',
    returnsItemOnFailure: false,
    input,
  };
  return kind === 'PutRequest'
    ? { ...base, kind: 'put', item: attributes }
    : { ...base, kind: 'delete', key: attributes };
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
