import { attributeOf, type Item } from '../values/attribute-value.ts';
import { type Keyed, SortedEntries } from './sorted-entries.ts';
import type { StoredItem } from './stored-item.ts';

interface Expiring extends Keyed {
  readonly expiresAtSeconds: number;
  readonly stored: StoredItem;
}

/** Items whose time passed longer ago stay: DynamoDB takes their attribute for something else. */
const OLDEST_SECONDS = 5 * 365 * 24 * 3600;
const DIGITS = 16;

/** Items of a table in the order in which they expire. */
export class ExpiryIndex {
  readonly attribute: string;
  readonly #entries = new SortedEntries<Expiring>();

  constructor(attribute: string) {
    this.attribute = attribute;
  }

  replace(before: StoredItem | undefined, after: StoredItem | undefined): void {
    const [old, next] = [this.#entryOf(before), this.#entryOf(after)];
    if (old) this.#entries.delete(old.key);
    if (next) this.#entries.set(next);
  }

  /** Up to `limit` items whose time has passed, the longest expired first. */
  expired(nowMs: number, limit: number): StoredItem[] {
    const nowSeconds = Math.floor(nowMs / 1000);
    const expired: StoredItem[] = [];
    for (const { expiresAtSeconds, stored } of this.#entries.ascending(keyOf(nowSeconds - OLDEST_SECONDS))) {
      if (expiresAtSeconds > nowSeconds || expired.length === limit) break;
      expired.push(stored);
    }
    return expired;
  }

  #entryOf(stored: StoredItem | undefined): Expiring | undefined {
    const expiresAtSeconds = stored && secondsOf(stored.item, this.attribute);
    if (!stored || expiresAtSeconds === undefined) return undefined;
    return { key: `${keyOf(expiresAtSeconds)} ${stored.partition}\0${stored.key}`, expiresAtSeconds, stored };
  }
}

/** When an item expires, in seconds since 1970; only numbers count. */
function secondsOf(item: Item, attribute: string): number | undefined {
  const seconds = Math.floor(Number(attributeOf(item, attribute)?.N ?? Number.NaN));
  return seconds >= 0 && seconds < 10 ** DIGITS ? seconds : undefined;
}

function keyOf(seconds: number): string {
  return String(Math.max(0, seconds)).padStart(DIGITS, '0');
}
