import type { Item } from '../values/attribute-value.ts';
import { itemBytes, writeUnits } from '../values/item-size.ts';
import { hasKeys, indexSortKey, type KeySchema, keyAttributes, keySchemaOf, partitionKey } from './key-schema.ts';
import { KeySpace } from './key-space.ts';
import type { Keyed } from './sorted-entries.ts';
import type { StoredItem } from './stored-item.ts';
import type { AttributeDefinition, IndexDefinition } from './table-definition.ts';

export interface IndexEntry extends Keyed {
  readonly stored: StoredItem;
}

/** What a write does to an index. */
export interface IndexChange {
  readonly index: SecondaryIndex;
  /** Partition of the index that is written to. */
  readonly partition: string;
  readonly units: number;
}

/** A global or local index: places of the table's items in another order. Attributes that it does not project are left out when it is read. */
export class SecondaryIndex {
  readonly definition: IndexDefinition;
  readonly isGlobal: boolean;
  readonly schema: KeySchema;
  /** Names of projected attributes; `undefined` projects all. */
  readonly projected: ReadonlySet<string> | undefined;
  readonly #space = new KeySpace<IndexEntry>();
  #size = 0;

  constructor(
    definition: IndexDefinition,
    options: {
      readonly isGlobal: boolean;
      readonly attributes: readonly AttributeDefinition[];
      readonly table: KeySchema;
    },
  ) {
    this.definition = definition;
    this.isGlobal = options.isGlobal;
    this.schema = keySchemaOf(definition.KeySchema, options.attributes);
    const { ProjectionType, NonKeyAttributes = [] } = definition.Projection;
    const keys = [...keyAttributes(options.table), ...keyAttributes(this.schema)].map(({ name }) => name);
    this.projected = ProjectionType === 'ALL' ? undefined : new Set([...keys, ...NonKeyAttributes]);
  }

  get name(): string {
    return this.definition.IndexName;
  }

  get space(): KeySpace<IndexEntry> {
    return this.#space;
  }

  /** How many items have all attributes of its key. */
  get size(): number {
    return this.#size;
  }

  /** Follows a write to the table. */
  replace(before: StoredItem | undefined, after: StoredItem | undefined): void {
    const wasIn = before !== undefined && hasKeys(before.item, this.schema);
    const isIn = after !== undefined && hasKeys(after.item, this.schema);
    if (wasIn) this.#space.delete(partitionKey(before.item, this.schema.hash), this.#sortKey(before));
    if (isIn) {
      this.#space.set(partitionKey(after.item, this.schema.hash), { key: this.#sortKey(after), stored: after });
    }
    this.#size += Number(isIn) - Number(wasIn);
  }

  /**
   * Write units of a change, which has not been made yet: one write for an entry that comes, goes or changes, two where it moves
   * within the index. Source: "Provisioned throughput considerations for global secondary indexes".
   */
  changeOf(before: StoredItem | undefined, after: StoredItem | undefined): IndexChange[] {
    const old = before && hasKeys(before.item, this.schema) ? before : undefined;
    const next = after && hasKeys(after.item, this.schema) ? after : undefined;
    const removal = old && { index: this, ...this.#placeAndUnits(old) };
    const addition = next && { index: this, ...this.#placeAndUnits(next) };
    if (removal && addition && old && next && this.#sortKey(old) === this.#sortKey(next)) {
      if (removal.partition === addition.partition) {
        return this.#isSame(old.item, next.item) ? [] : [removal.units > addition.units ? removal : addition];
      }
    }
    return [removal, addition].filter((change) => change !== undefined);
  }

  project(item: Item): Item {
    const { projected } = this;
    if (!projected) return item;
    const projection: Record<string, Item[string]> = {};
    for (const name in item) if (projected.has(name)) projection[name] = item[name] ?? {};
    return projection;
  }

  bytesOf({ item, bytes }: StoredItem): number {
    return this.projected ? itemBytes(this.project(item)) : bytes;
  }

  #placeAndUnits(stored: StoredItem): { readonly partition: string; readonly units: number } {
    return {
      partition: partitionKey(stored.item, this.schema.hash),
      units: writeUnits(this.bytesOf(stored)),
    };
  }

  #isSame(before: Item, after: Item): boolean {
    return JSON.stringify(this.project(before)) === JSON.stringify(this.project(after));
  }

  #sortKey(stored: StoredItem): string {
    return indexSortKey(stored.item, this.schema.range, { partition: stored.partition, sort: stored.key });
  }
}
