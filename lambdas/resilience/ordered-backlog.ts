/** What waits to be sent. */
export interface BacklogEntry {
  /** Entries of one key are sent in order, and one at a time. */
  readonly key: string;
  readonly bytes: number;
}

/** What one call may hold. */
export interface CallLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

interface Line {
  /** Indices of the key's entries, in order. */
  readonly entries: number[];
  /** Place of the one whose turn it is. */
  at: number;
  isInFlight: boolean;
  notBeforeMs: number;
}

/**
 * Entries on their way out through calls of which each entry may fail by itself. No entry is taken before those of its key
 * ahead of it were delivered; so at most one of each key is in flight, and one that is given up holds back those behind it.
 */
export class OrderedBacklog {
  readonly #entries: readonly BacklogEntry[];
  /** Keys with something to send, in the order of their first entries. */
  readonly #lines = new Map<string, Line>();
  readonly #delivered = new Set<number>();

  constructor(entries: readonly BacklogEntry[]) {
    this.#entries = entries;
    for (const [index, { key }] of entries.entries()) {
      const line = this.#lines.get(key);
      if (line) line.entries.push(index);
      else this.#lines.set(key, { entries: [index], at: 0, isInFlight: false, notBeforeMs: 0 });
    }
  }

  /** Takes what may be sent in one call now. Empty where nothing may. An entry beyond `maxBytes` goes alone. */
  take({ maxEntries, maxBytes }: CallLimits, nowMs: number): number[] {
    const taken: number[] = [];
    let bytes = 0;
    for (const line of this.#lines.values()) {
      if (taken.length === maxEntries) break;
      if (line.isInFlight || line.notBeforeMs > nowMs) continue;
      const index = headOf(line);
      const own = this.#entries[index]?.bytes ?? 0;
      if (taken.length > 0 && bytes + own > maxBytes) continue;
      line.isInFlight = true;
      bytes += own;
      taken.push(index);
    }
    return taken;
  }

  /** Lets the next one of its key go. */
  deliver(index: number): void {
    const [key, line] = this.#inFlight(index);
    this.#delivered.add(index);
    line.isInFlight = false;
    line.at += 1;
    if (line.at === line.entries.length) this.#lines.delete(key);
  }

  /** To be taken again, from then on. */
  postpone(index: number, notBeforeMs: number): void {
    const [, line] = this.#inFlight(index);
    line.isInFlight = false;
    line.notBeforeMs = notBeforeMs;
  }

  /** Not to be taken again, nor any behind it. */
  giveUp(index: number): void {
    const [key] = this.#inFlight(index);
    this.#lines.delete(key);
  }

  isDelivered(index: number): boolean {
    return this.#delivered.has(index);
  }

  /** When the next entry may be taken that is not in flight, in ms; undefined where none is left. */
  nextDueMs(): number | undefined {
    const due = [...this.#lines.values()].filter((line) => !line.isInFlight).map(({ notBeforeMs }) => notBeforeMs);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  #inFlight(index: number): [string, Line] {
    const key = this.#entries[index]?.key ?? '';
    const line = this.#lines.get(key);
    if (!line?.isInFlight || headOf(line) !== index) throw new RangeError(`entry ${index} is not in flight`);
    return [key, line];
  }
}

function headOf({ entries, at }: Line): number {
  // A line without entries left is taken off the list.
  return entries[at] as number;
}
