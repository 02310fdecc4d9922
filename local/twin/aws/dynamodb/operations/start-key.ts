import { AwsError } from '../../aws-error.ts';
import { validationError } from '../dynamodb-error.ts';
import type { QueryRequest } from '../input/read-many-input.ts';
import {
  checkKeyPart,
  type ItemKey,
  indexSortKey,
  itemKey,
  type KeyAttribute,
  keyAttributes,
  partitionKey,
  pickKeys,
  requestedKey,
} from '../storage/key-schema.ts';
import type { SecondaryIndex } from '../storage/secondary-index.ts';
import type { Table } from '../storage/table.ts';
import { attributeOf, equalValues, type Item } from '../values/attribute-value.ts';
import type { KeyRange } from './key-range.ts';

const INVALID = 'The provided starting key is invalid';

/** Attributes of `LastEvaluatedKey`: those of the table's key, then those that the index has in addition. */
export function startKeyAttributes(table: Table, index: SecondaryIndex | undefined): readonly KeyAttribute[] {
  if (!index) return table.keys;
  const names = new Set(table.keys.map(({ name }) => name));
  return [...table.keys, ...keyAttributes(index.schema).filter(({ name }) => !names.has(name))];
}

/** The place after which a scan goes on. @throws AwsError ValidationException */
export function scanStart(startKey: Item, table: Table, index: SecondaryIndex | undefined): ItemKey {
  const schema = index?.schema ?? table.schema;
  if (Object.keys(startKey).length !== startKeyAttributes(table, index).length) {
    throw validationError(index ? INVALID : `${INVALID}: The provided key element does not match the schema`);
  }
  if (index) checkIndexPart(startKey, index);
  const inTable = tableStart(startKey, table);
  if (!index) return inTable;
  return {
    partition: partitionKey(startKey, schema.hash),
    sort: indexSortKey(startKey, schema.range, inTable),
  };
}

/** The sort key after which a query goes on. @throws AwsError ValidationException */
export function queryStart(
  startKey: Item,
  {
    table,
    index,
    range,
    conditions,
  }: {
    readonly table: Table;
    readonly index: SecondaryIndex | undefined;
    readonly range: KeyRange;
    readonly conditions: QueryRequest['keyConditions'];
  },
): string {
  if (Object.keys(startKey).length !== startKeyAttributes(table, index).length) throw validationError(INVALID);
  const schema = index?.schema ?? table.schema;
  for (const attribute of keyAttributes(schema)) {
    if (attributeOf(startKey, attribute.name) === undefined) throw validationError(INVALID);
    checkKeyPart(startKey, attribute, schema);
  }
  const inTable = tableStart(startKey, table);
  const { sort } = index ? { sort: indexSortKey(startKey, schema.range, inTable) } : itemKey(startKey, schema);
  const isInPartition = schema.hash.every(({ name }) => {
    const value = conditions[name]?.values[0];
    return value !== undefined && equalValues(value, startKey[name] ?? {});
  });
  const hasRange = schema.range.some(({ name }) => conditions[name] !== undefined);
  const isInRange = sort >= range.from && (range.to === undefined || sort < range.to);
  if (hasRange && !isInRange) {
    throw validationError('The provided starting key does not match the range key predicate');
  }
  if (isInPartition) return sort;
  throw validationError(
    hasRange
      ? 'The query can return at most one row and cannot be restarted'
      : 'The provided starting key is outside query boundaries based on provided conditions',
  );
}

function tableStart(startKey: Item, table: Table): ItemKey {
  try {
    return requestedKey(pickOwn(startKey, table.keys), table.schema);
  } catch (error) {
    throw error instanceof AwsError ? validationError(`${INVALID}: ${error.message}`) : error;
  }
}

function checkIndexPart(startKey: Item, index: SecondaryIndex): void {
  for (const attribute of keyAttributes(index.schema)) {
    if (attributeOf(startKey, attribute.name) === undefined) throw validationError(INVALID);
    checkKeyPart(startKey, attribute, index.schema);
  }
}

function pickOwn(item: Item, attributes: readonly KeyAttribute[]): Item {
  return pickKeys(
    item,
    attributes.filter(({ name }) => attributeOf(item, name) !== undefined),
  );
}
