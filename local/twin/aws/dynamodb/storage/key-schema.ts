import { invalidParameter, SCHEMA_MISMATCH, validationError } from '../dynamodb-error.ts';
import { type AttributeValue, attributeOf, type Item, typeOf } from '../values/attribute-value.ts';
import { escapeZeros, orderedPart, TERMINATOR } from '../values/sort-order.ts';
import type { AttributeDefinition, KeySchemaElement } from './table-definition.ts';

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** A table has one attribute of either, the second optional; a global index has up to four of each. */
export interface KeySchema {
  readonly hash: readonly KeyAttribute[];
  readonly range: readonly KeyAttribute[];
}

/** Where an item is: its partition, and its place in it. */
export interface ItemKey {
  readonly partition: string;
  readonly sort: string;
}

/** Limits of keys, in bytes. */
const HASH_BYTES_MAX = 2048;
const RANGE_BYTES_MAX = 1024;

export function keySchemaOf(
  elements: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
): KeySchema {
  const types = new Map(definitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]));
  const attributes = (keyType: string) =>
    elements
      .filter(({ KeyType }) => KeyType === keyType)
      .map(({ AttributeName }): KeyAttribute => {
        return { name: AttributeName, type: types.get(AttributeName) as KeyAttribute['type'] };
      });
  return { hash: attributes('HASH'), range: attributes('RANGE') };
}

export function keyAttributes({ hash, range }: KeySchema): readonly KeyAttribute[] {
  return [...hash, ...range];
}

/** The place of an item that has all attributes of the schema. */
export function itemKey(item: Item, { hash, range }: KeySchema): ItemKey {
  return { partition: partitionKey(item, hash), sort: joinedParts(item, range) };
}

/** Names a partition: nothing is ever sorted by it, so that a key of one attribute can be taken as it is. */
export function partitionKey(item: Item, hash: readonly KeyAttribute[]): string {
  const [only, second] = hash;
  if (!only || second) return joinedParts(item, hash);
  const value = item[only.name] ?? {};
  return value.S ?? value.N ?? value.B ?? '';
}

function joinedParts(item: Item, attributes: readonly KeyAttribute[]): string {
  let joined = '';
  for (const { name } of attributes) joined += orderedPart(item[name] ?? {}) + TERMINATOR;
  return joined;
}

/** Place of an item in an index: sort keys need not be unique there, so that the place in the table follows them. */
export function indexSortKey(item: Item, range: readonly KeyAttribute[], { partition, sort }: ItemKey): string {
  return `${joinedParts(item, range)}${escapeZeros(partition)}${TERMINATOR}${sort}`;
}

/** Whether an item belongs into an index. */
export function hasKeys(item: Item, { hash, range }: KeySchema): boolean {
  return hash.every((key) => isOfType(item, key)) && range.every((key) => isOfType(item, key));
}

function isOfType(item: Item, { name, type }: KeyAttribute): boolean {
  return attributeOf(item, name)?.[type] !== undefined;
}

/** Attributes of the keys, as `Keys` of a stream's record and `LastEvaluatedKey` have them. */
export function pickKeys(item: Item, attributes: readonly KeyAttribute[]): Item {
  const keys: Record<string, AttributeValue> = {};
  for (const { name } of attributes) keys[name] = item[name] ?? {};
  return keys;
}

/** The place that a `Key` names. @throws AwsError ValidationException */
export function requestedKey(key: Item, schema: KeySchema): ItemKey {
  const attributes = keyAttributes(schema);
  if (Object.keys(key).length !== attributes.length) throw validationError(SCHEMA_MISMATCH);
  for (const attribute of attributes) checkKeyPart(key, attribute, schema);
  return itemKey(key, schema);
}

/** Checks one attribute of a key. @throws AwsError ValidationException */
export function checkKeyPart(key: Item, { name, type }: KeyAttribute, schema: KeySchema): void {
  const value = attributeOf(key, name);
  if (value?.[type] === undefined) throw validationError(SCHEMA_MISMATCH);
  checkNotEmpty(value, name);
  checkKeyBytes(value, schema.hash[0]?.name === name);
}

/** Whether an item may stand in the table. @throws AwsError ValidationException */
export function checkItemKeys(item: Item, schema: KeySchema): void {
  for (const { name, type } of keyAttributes(schema)) {
    const value = attributeOf(item, name);
    if (value === undefined) throw invalidParameter(`Missing the key ${name} in the item`);
    if (value[type] === undefined) {
      throw invalidParameter(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
    }
    checkNotEmpty(value, name);
    checkKeyBytes(value, schema.hash[0]?.name === name);
  }
}

/** Whether an item fits into an index, or has no place there. @throws AwsError ValidationException */
export function checkIndexKeys(item: Item, schema: KeySchema, indexName: string): void {
  for (const { name, type } of keyAttributes(schema)) {
    const value = attributeOf(item, name);
    if (value === undefined) continue;
    if (value[type] === undefined) {
      const actual = typeOf(value);
      throw invalidParameter(
        `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${actual} IndexName: ${indexName}`,
      );
    }
    if (value.S !== '' && value.B !== '') continue;
    throw validationError(
      'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
        `The AttributeValue for a key attribute cannot contain an empty ${emptyOf(value)} value. ` +
        `IndexName: ${indexName}, IndexKey: ${name}`,
    );
  }
}

function checkNotEmpty(value: AttributeValue, name: string): void {
  if (value.S !== '' && value.B !== '') return;
  throw validationError(
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ' +
      `${emptyOf(value)} value. Key: ${name}`,
  );
}

function emptyOf(value: AttributeValue): string {
  return value.S === '' ? 'string' : 'binary';
}

function checkKeyBytes(value: AttributeValue, isHash: boolean): void {
  const { S: text, B: binary } = value;
  const bytes = text !== undefined ? Buffer.byteLength(text) : Buffer.byteLength(binary ?? '', 'base64');
  if (isHash && bytes > HASH_BYTES_MAX) {
    // The missing space is AWS's.
    throw invalidParameter(`Size of hashkey has exceeded the maximum size limit of${HASH_BYTES_MAX} bytes`);
  }
  if (!isHash && bytes > RANGE_BYTES_MAX) {
    throw invalidParameter(`Aggregated size of all range keys has exceeded the size limit of ${RANGE_BYTES_MAX} bytes`);
  }
}
