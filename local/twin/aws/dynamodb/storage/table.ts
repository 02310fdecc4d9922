import type { Item } from '../values/attribute-value.ts';
import { ExpiryIndex } from './expiry-index.ts';
import {
  checkIndexKeys,
  checkItemKeys,
  type ItemKey,
  type KeyAttribute,
  type KeySchema,
  keyAttributes,
  keySchemaOf,
} from './key-schema.ts';
import { KeySpace } from './key-space.ts';
import { SecondaryIndex } from './secondary-index.ts';
import { type StoredItem, storedItem } from './stored-item.ts';
import type { IndexDefinition, TableDefinition } from './table-definition.ts';

/** A write that was made; `cause` tells who made it. */
export interface TableChange {
  readonly table: Table;
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
  readonly cause: 'request' | 'expiry';
}

/**
 * A table in memory: its items, its indexes and when its items expire. Everything happens at once: whoever does several writes
 * without awaiting in between has made them atomically.
 */
export class Table {
  readonly definition: TableDefinition;
  readonly arn: string;
  readonly schema: KeySchema;
  readonly keys: readonly KeyAttribute[];
  readonly items = new KeySpace<StoredItem>();
  readonly #indexes = new Map<string, SecondaryIndex>();
  readonly #onChange: (change: TableChange) => void;
  #expiry: ExpiryIndex | undefined;
  #itemCount = 0;
  #bytes = 0;

  /** @param onChange told of each write after it was made. */
  constructor(definition: TableDefinition, arn: string, onChange: (change: TableChange) => void) {
    this.definition = definition;
    this.arn = arn;
    this.schema = keySchemaOf(definition.KeySchema, definition.AttributeDefinitions);
    this.keys = keyAttributes(this.schema);
    this.#onChange = onChange;
    for (const index of definition.GlobalSecondaryIndexes) this.#index(index, true);
    for (const index of definition.LocalSecondaryIndexes) this.#index(index, false);
    if (definition.TimeToLive?.Enabled) this.#expiry = new ExpiryIndex(definition.TimeToLive.AttributeName);
  }

  get name(): string {
    return this.definition.TableName;
  }

  get itemCount(): number {
    return this.#itemCount;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get expiry(): ExpiryIndex | undefined {
    return this.#expiry;
  }

  get indexes(): Iterable<SecondaryIndex> & { readonly size: number } {
    return { size: this.#indexes.size, [Symbol.iterator]: () => this.#indexes.values() };
  }

  index(name: string): SecondaryIndex | undefined {
    return this.#indexes.get(name);
  }

  get({ partition, sort }: ItemKey): StoredItem | undefined {
    return this.items.get(partition, sort);
  }

  /** Whether the table takes an item. @throws AwsError ValidationException */
  check(item: Item): void {
    checkItemKeys(item, this.schema);
    this.checkIndexes(item);
  }

  checkIndexes(item: Item): void {
    for (const index of this.#indexes.values()) checkIndexKeys(item, index.schema, index.name);
  }

  /** Puts an item in its place, or removes what is there. The item has passed `check`. */
  write(key: ItemKey, item: StoredItem | undefined, cause: TableChange['cause'] = 'request'): void {
    const before = this.get(key);
    if (!before && !item) return;
    this.#replace(key, before, item);
    this.#onChange({ table: this, before, after: item, cause });
  }

  /** Puts an item where it was when the process ended. */
  restore(item: Item, key: ItemKey): void {
    this.#replace(key, this.get(key), storedItem(item, key));
  }

  /** Adds a global index with what the table has. */
  addIndex(definition: IndexDefinition): void {
    const index = this.#index(definition, true);
    this.definition.GlobalSecondaryIndexes = [...this.definition.GlobalSecondaryIndexes, definition];
    for (const stored of this.items.scan()) index.replace(undefined, stored);
  }

  removeIndex(name: string): void {
    this.#indexes.delete(name);
    const { GlobalSecondaryIndexes } = this.definition;
    this.definition.GlobalSecondaryIndexes = GlobalSecondaryIndexes.filter(({ IndexName }) => IndexName !== name);
  }

  /** Lets items expire by an attribute, or no longer. */
  expireBy(attribute: string | undefined): void {
    this.#expiry = attribute === undefined ? undefined : new ExpiryIndex(attribute);
    if (this.#expiry) for (const stored of this.items.scan()) this.#expiry.replace(undefined, stored);
  }

  #replace({ partition, sort }: ItemKey, before: StoredItem | undefined, after: StoredItem | undefined): void {
    if (after) this.items.set(partition, after);
    else this.items.delete(partition, sort);
    for (const index of this.#indexes.values()) index.replace(before, after);
    this.#expiry?.replace(before, after);
    this.#itemCount += Number(after !== undefined) - Number(before !== undefined);
    this.#bytes += (after?.bytes ?? 0) - (before?.bytes ?? 0);
  }

  #index(definition: IndexDefinition, isGlobal: boolean): SecondaryIndex {
    const { AttributeDefinitions } = this.definition;
    const index = new SecondaryIndex(definition, { isGlobal, attributes: AttributeDefinitions, table: this.schema });
    this.#indexes.set(index.name, index);
    return index;
  }
}
