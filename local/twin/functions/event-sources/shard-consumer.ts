import { createHash, randomUUID } from 'node:crypto';
import { AwsError } from '../../aws/aws-error.ts';
import type { RecordStream, StreamedRecord } from '../../aws/record-stream.ts';
import type { SetTimer } from '../../aws/set-timer.ts';
import type { Invoke } from '../invoke.ts';
import type { ShardCheckpoint } from './checkpoints.ts';
import { deliveryOf } from './delivery-of.ts';
import {
  type Batch,
  type Discarded,
  emptyLane,
  endLane,
  heldRecords,
  isIdle,
  type Lane,
  type LaneRecord,
  offer,
  oldestUnfinished,
} from './lane.ts';
import type { MappingSpec } from './mapping-spec.ts';
import { settle } from './settle-batch.ts';
import type { StreamMappingSpec } from './stream-mapping-spec.ts';
import type { StreamSource } from './stream-source.ts';
import { takeBatch } from './take-batch.ts';
import { windowMembers } from './tumbling-window.ts';

/** What a shard's consumer needs of the mapping around it. */
export interface ShardContext {
  readonly spec: MappingSpec<StreamMappingSpec>;
  readonly stream: RecordStream<StreamedRecord>;
  readonly source: StreamSource;
  readonly invoke: Invoke;
  readonly nowMs: () => number;
  readonly setTimer: SetTimer;
  /** Takes what is given up; resolves when it is reported, or cannot be. */
  readonly giveUp: (given: GivenUp) => Promise<void>;
  readonly save: (shardId: string, checkpoint: ShardCheckpoint) => void;
  /** The shard is closed and was read to its end. */
  readonly onFinished: () => void;
}

export interface GivenUp {
  readonly discarded: Discarded<ShardRecord>;
  readonly shardId: string;
  readonly requestId: string;
  readonly functionError: boolean;
}

/** A record on its way through a lane. */
export interface ShardRecord extends LaneRecord {
  readonly record: StreamedRecord;
  /** Sequence number of the record before it in the shard: where a reader starts to see it again. */
  readonly previous: string | undefined;
}

/** Batches that a lane may hold ahead of delivery; more stay in the stream. */
const BATCHES_AHEAD = 4;

/** Consumes one shard for one mapping: reads, spreads the records over lanes by partition key, delivers, checkpoints. */
export class ShardConsumer {
  readonly #context: ShardContext;
  readonly #shardId: string;
  readonly #lanes: Lane<ShardRecord>[];
  readonly #timers = new Map<number, () => void>();
  readonly #inFlight = new Set<Promise<void>>();
  /** The first records of batches that were given up and are not reported yet. */
  readonly #unreported = new Set<ShardRecord>();
  #readAfter: string | undefined;
  #saved: ShardCheckpoint;
  #isPumpDue = false;
  #isStopped = false;
  #isFinished = false;

  constructor(context: ShardContext, shardId: string, start: ShardCheckpoint) {
    this.#context = context;
    this.#shardId = shardId;
    this.#saved = start;
    this.#readAfter = start.after;
    const { parallelizationFactor, lane } = context.spec.source;
    // A mapping that has no windows any more forgets the one that its predecessor left open.
    const window = lane.tumblingWindowMs > 0 ? start.window : undefined;
    this.#lanes = Array.from({ length: parallelizationFactor }, () => emptyLane<ShardRecord>(window));
    this.wake();
  }

  /** Records that were put and not yet done with; filtered ones count until they are read. */
  get backlog(): number {
    return this.#held() + this.#readNext(Number.MAX_SAFE_INTEGER).length;
  }

  /** When the oldest record arrived that is not done with; `undefined` where none waits. */
  get oldestMs(): number | undefined {
    const held = this.#lanes.flatMap((lane) => oldestUnfinished(lane)?.arrivalMs ?? []);
    // What is held was read before what is not.
    return held.length > 0 ? Math.min(...held) : this.#readNext(1)[0]?.arrivalMs;
  }

  /** Looks at the shard again; several calls in one turn of the event loop make one look. */
  wake(): void {
    if (this.#isPumpDue || this.#isStopped || this.#isFinished) return;
    this.#isPumpDue = true;
    setImmediate(() => {
      this.#isPumpDue = false;
      if (!this.#isStopped) this.#pump();
    });
  }

  /** Delivers nothing more; resolves when what is in flight has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const cancel of this.#timers.values()) cancel();
    // What ends may still give records up, which is to be reported.
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  #pump(): void {
    const isAtEnd = this.#read();
    for (const index of this.#lanes.keys()) this.#deliver(index);
    this.#save();
    if (!isAtEnd || this.#isFinished || this.#unreported.size > 0 || !this.#lanes.every(isIdle)) return;
    this.#isFinished = true;
    this.#context.save(this.#shardId, { ...this.#saved, isFinished: true });
    this.#context.onFinished();
  }

  /** Fills the lanes; answers whether a closed shard was read to its end. */
  #read(): boolean {
    const { spec, stream, source } = this.#context;
    const { lane, startingPosition } = spec.source;
    const room = lane.batchSize * BATCHES_AHEAD * this.#lanes.length - this.#held();
    if (room <= 0) return false;
    const records = this.#readNext(room);
    if (records.length === 0) {
      const isClosed = stream.shards().find(({ id }) => id === this.#shardId)?.isClosed ?? true;
      if (isClosed) for (const index of this.#lanes.keys()) this.#update(index, endLane);
      return isClosed;
    }
    const byLane = new Map<number, ShardRecord[]>();
    for (const record of records) {
      const previous = this.#readAfter;
      this.#readAfter = record.sequenceNumber;
      if (startingPosition.kind === 'AT_TIMESTAMP' && record.arrivalMs < startingPosition.atMs) continue;
      if (spec.filter && !spec.filter(source.dataForFilter(record, this.#shardId))) continue;
      const { sequenceNumber, arrivalMs } = record;
      const item: ShardRecord = { sequenceNumber, arrivalMs, bytes: source.bytesOf(record), record, previous };
      const index = laneOf(record.partitionKey, this.#lanes.length);
      const own = byLane.get(index);
      if (own) own.push(item);
      else byLane.set(index, [item]);
    }
    for (const [index, own] of byLane) this.#update(index, (lane) => offer(lane, own));
    // There may be more, and where all were filtered out no delivery will ask for it.
    this.wake();
    return false;
  }

  /** A shard whose last record was trimmed may be gone: it reads as one that is closed and empty. */
  #readNext(limit: number): readonly StreamedRecord[] {
    try {
      return this.#context.stream.read(this.#shardId, this.#readAfter, limit);
    } catch (error) {
      if (error instanceof AwsError && error.type === 'ResourceNotFoundException') return [];
      throw error;
    }
  }

  #deliver(index: number): void {
    const lane = this.#lanes[index];
    if (!lane) return;
    const { nowMs, setTimer, spec } = this.#context;
    const step = takeBatch(lane, spec.source.lane, nowMs());
    this.#lanes[index] = step.lane;
    this.#discard(step.discarded, false);
    this.#timers.get(index)?.();
    this.#timers.delete(index);
    if (step.batch) this.#track(this.#invoke(index, step.batch));
    else if (step.dueMs !== undefined)
      this.#timers.set(
        index,
        setTimer(step.dueMs - nowMs(), () => this.wake()),
      );
  }

  async #invoke(index: number, batch: Batch<ShardRecord>): Promise<void> {
    const { spec, source, invoke, nowMs } = this.#context;
    const outcome = await invoke(spec.functionName, {
      Records: batch.records.map(({ record }) => source.toEvent(record, this.#shardId)),
      ...(batch.window && windowMembers(batch.window, this.#shardId, spec.sourceArn)),
    });
    // Who stops the mapping often stops the function, too: the batch is delivered again, and counts as not tried.
    if (this.#isStopped && !outcome.ok) return;
    const delivery = deliveryOf(outcome, batch, spec.reportsItemFailures);
    this.#update(index, (lane) => {
      const step = settle(lane, delivery, spec.source.lane, nowMs());
      this.#discard(step.discarded, !outcome.ok);
      return step.lane;
    });
    this.#save();
    this.wake();
  }

  #discard(discarded: readonly Discarded<ShardRecord>[], functionError: boolean): void {
    for (const entry of discarded) {
      const [first] = entry.batch.records;
      if (first) this.#unreported.add(first);
      const given = { discarded: entry, shardId: this.#shardId, requestId: randomUUID(), functionError };
      this.#track(
        this.#context.giveUp(given).then(() => {
          if (!first) return;
          this.#unreported.delete(first);
          this.#save();
          this.wake();
        }),
      );
    }
  }

  /** Everything before the oldest record that is held, or given up without a report, is done with. */
  #save(): void {
    const held = this.#lanes.flatMap((lane) => oldestUnfinished(lane) ?? []);
    let oldest: ShardRecord | undefined;
    for (const record of [...held, ...this.#unreported]) {
      if (!oldest || record.sequenceNumber < oldest.sequenceNumber) oldest = record;
    }
    const after = oldest ? oldest.previous : this.#readAfter;
    const window = this.#lanes[0]?.window;
    if (after === this.#saved.after && window === this.#saved.window) return;
    this.#saved = { after, window };
    this.#context.save(this.#shardId, this.#saved);
  }

  #held(): number {
    return this.#lanes.reduce((sum, lane) => sum + heldRecords(lane), 0);
  }

  #update(index: number, change: (lane: Lane<ShardRecord>) => Lane<ShardRecord>): void {
    const lane = this.#lanes[index];
    if (lane) this.#lanes[index] = change(lane);
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#inFlight.delete(tracked));
    this.#inFlight.add(tracked);
  }
}

/** The same key always takes the same lane, so its records stay in order. */
function laneOf(partitionKey: string, lanes: number): number {
  return lanes === 1 ? 0 : createHash('md5').update(partitionKey).digest().readUInt32BE(12) % lanes;
}
