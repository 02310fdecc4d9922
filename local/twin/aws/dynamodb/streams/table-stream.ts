import { randomBytes } from 'node:crypto';
import type { RecordStream, StreamedRecord, StreamShard } from '../../record-stream.ts';
import { pickKeys } from '../storage/key-schema.ts';
import type { TableChange } from '../storage/table.ts';
import { equalItems, type Item } from '../values/attribute-value.ts';
import { itemBytes } from '../values/item-size.ts';

/** A record as event sources deliver it. */
export interface ChangeEvent {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly dynamodb: {
    /** Seconds since 1970. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
  /** Of items that expired. */
  readonly userIdentity?: { readonly type: string; readonly principalId: string };
}

export interface ChangeRecord extends StreamedRecord {
  readonly event: ChangeEvent;
}

/** Records are kept for a day. */
export const RETENTION_MS = 24 * 3600_000;
/** Where nobody reads, records are forgotten so often. */
const TRIM_EVERY_MS = 3600_000;
/** A new on-demand table has four partitions, each with a shard of its own: records with different keys have no order. */
const SHARDS = 4;
const EXPIRED_BY = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };

interface Shard {
  readonly id: string;
  records: ChangeRecord[];
}

/** The stream of a table: what was written, in order by partition key. */
export class TableStream implements RecordStream<ChangeRecord> {
  readonly arn: string;
  readonly label: string;
  readonly tableName: string;
  readonly createdMs: number;
  viewType: string;
  isEnabled = true;
  readonly #shards: readonly Shard[];
  readonly #listeners = new Set<() => void>();
  readonly #nowMs: () => number;
  readonly #nextSequenceNumber: () => string;
  #isAnnouncing = false;

  constructor(options: {
    readonly arn: string;
    readonly tableName: string;
    readonly viewType: string;
    readonly createdMs: number;
    readonly nowMs: () => number;
    readonly nextSequenceNumber: () => string;
  }) {
    const { arn, tableName, viewType, createdMs, nowMs, nextSequenceNumber } = options;
    this.arn = arn;
    this.label = arn.slice(arn.lastIndexOf('/') + 1);
    this.tableName = tableName;
    this.viewType = viewType;
    this.createdMs = createdMs;
    this.#nowMs = nowMs;
    this.#nextSequenceNumber = nextSequenceNumber;
    this.#shards = Array.from({ length: SHARDS }, (_, at) => {
      return { id: shardId(createdMs, at), records: [] };
    });
  }

  shards(): readonly StreamShard[] {
    return this.#shards.map(({ id }) => ({ id, parentIds: [], isClosed: !this.isEnabled }));
  }

  read(shardId: string, afterSequenceNumber: string | undefined, limit: number): readonly ChangeRecord[] {
    const records = this.#recordsOf(shardId);
    const start = afterSequenceNumber === undefined ? 0 : firstAfter(records, afterSequenceNumber);
    return records.slice(start, start + limit);
  }

  latest(shardId: string): string | undefined {
    return this.#recordsOf(shardId).at(-1)?.sequenceNumber;
  }

  /** The oldest record that is kept. */
  oldest(shardId: string): string | undefined {
    return this.#recordsOf(shardId)[0]?.sequenceNumber;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Adds the record of a write; a write that changed nothing has none. */
  add(change: TableChange): { readonly shardId: string; readonly record: ChangeRecord } | undefined {
    const { before, after } = change;
    if (before && after && equalItems(before.item, after.item)) return undefined;
    const record = this.#recordOf(change);
    const shard = this.#shardOf(record.partitionKey);
    shard.records.push(record);
    this.#trim(shard, RETENTION_MS + TRIM_EVERY_MS);
    this.#announce();
    return { shardId: shard.id, record };
  }

  /** Adds a record that was written before the process started. */
  restore(shardId: string, record: ChangeRecord): void {
    this.#shards.find(({ id }) => id === shardId)?.records.push(record);
  }

  close(): void {
    this.isEnabled = false;
    this.#announce();
  }

  #recordOf({ table, before, after, cause }: TableChange): ChangeRecord {
    const stored = after ?? before;
    const arrivalMs = this.#nowMs();
    const sequenceNumber = this.#nextSequenceNumber();
    const Keys = pickKeys(stored?.item ?? {}, table.keys);
    const withNew = this.viewType === 'NEW_IMAGE' || this.viewType === 'NEW_AND_OLD_IMAGES';
    const withOld = this.viewType === 'OLD_IMAGE' || this.viewType === 'NEW_AND_OLD_IMAGES';
    const [NewImage, OldImage] = [withNew ? after?.item : undefined, withOld ? before?.item : undefined];
    return {
      sequenceNumber,
      partitionKey: stored?.partition ?? '',
      arrivalMs,
      event: {
        eventID: randomBytes(16).toString('hex'),
        eventName: !before ? 'INSERT' : after ? 'MODIFY' : 'REMOVE',
        dynamodb: {
          ApproximateCreationDateTime: Math.floor(arrivalMs / 1000),
          Keys,
          ...(NewImage && { NewImage }),
          ...(OldImage && { OldImage }),
          SequenceNumber: sequenceNumber,
          SizeBytes: itemBytes(Keys) + (NewImage ? (after?.bytes ?? 0) : 0) + (OldImage ? (before?.bytes ?? 0) : 0),
          StreamViewType: this.viewType,
        },
        ...(cause === 'expiry' && { userIdentity: EXPIRED_BY }),
      },
    };
  }

  /** Readers hear once of all that a turn of the event loop wrote. */
  #announce(): void {
    if (this.#listeners.size === 0 || this.#isAnnouncing) return;
    this.#isAnnouncing = true;
    queueMicrotask(() => {
      this.#isAnnouncing = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }

  #recordsOf(shardId: string): readonly ChangeRecord[] {
    const shard = this.#shards.find(({ id }) => id === shardId);
    if (!shard) return [];
    this.#trim(shard, RETENTION_MS);
    return shard.records;
  }

  /** Forgets records where the first is older than `ageMs`. */
  #trim(shard: Shard, ageMs: number): void {
    const nowMs = this.#nowMs();
    const first = shard.records[0];
    if (!first || first.arrivalMs >= nowMs - ageMs) return;
    const kept = shard.records.findIndex(({ arrivalMs }) => arrivalMs >= nowMs - RETENTION_MS);
    shard.records = kept < 0 ? [] : shard.records.slice(kept);
  }

  #shardOf(partitionKey: string): Shard {
    let hash = 0;
    for (let at = 0; at < partitionKey.length; at += 1) hash = (Math.imul(hash, 31) + partitionKey.charCodeAt(at)) | 0;
    return this.#shards[(hash >>> 0) % SHARDS] as Shard;
  }
}

/** `shardId-` with when it began and a number, as long as AWS's are. */
function shardId(createdMs: number, at: number): string {
  return `shardId-${String(createdMs).padStart(20, '0')}-${at.toString(16).padStart(8, '0')}`;
}

function firstAfter(records: readonly ChangeRecord[], sequenceNumber: string): number {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.sequenceNumber ?? '') <= sequenceNumber) low = middle + 1;
    else high = middle;
  }
  return low;
}
