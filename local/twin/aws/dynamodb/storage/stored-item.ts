import type { Item } from '../values/attribute-value.ts';
import { itemBytes } from '../values/item-size.ts';
import type { ItemKey } from './key-schema.ts';
import type { Keyed } from './sorted-entries.ts';

/** An item in its place. A write replaces it as a whole. */
export interface StoredItem extends Keyed {
  readonly partition: string;
  /** Sort key. */
  readonly key: string;
  readonly item: Item;
  readonly bytes: number;
}

export function storedItem(item: Item, { partition, sort }: ItemKey): StoredItem {
  return { partition, key: sort, item, bytes: itemBytes(item) };
}
