import { createHash, randomUUID } from 'node:crypto';
import type { KinesisStore, Stream, StreamRecord } from '../../aws/kinesis/kinesis-store.ts';
import type { Invoke } from '../invoke.ts';
import {
  type Batch,
  type Discarded,
  emptyLane,
  heldRecords,
  type Lane,
  offer,
  oldestUnfinished,
  settle,
  takeBatch,
} from './batch-lane.ts';
import { type BatchSource, deliveryOf, failureMessage, kinesisEvent } from './kinesis-event.ts';
import type { StreamMappingSpec } from './stream-mapping-spec.ts';

export interface ConsumerOptions {
  readonly store: KinesisStore;
  readonly invoke: Invoke;
  /** Sends a message to the queue with this ARN. */
  readonly sendToQueue: (queueArn: string, message: unknown) => Promise<void>;
  readonly nowMs: () => number;
  readonly log: (message: string) => void;
}

/** Batches that a lane may hold ahead of delivery; more stay in the stream. */
const BATCHES_AHEAD = 4;

/** Consumes one shard for one mapping: reads, spreads the records over lanes by partition key, delivers, checkpoints. */
export class ShardConsumer {
  readonly #spec: StreamMappingSpec;
  readonly #options: ConsumerOptions;
  readonly #stream: Stream;
  readonly #source: BatchSource;
  readonly #lanes: Lane<StreamRecord>[];
  readonly #stopListening: () => void;
  readonly #timers = new Map<number, NodeJS.Timeout>();
  readonly #inFlight = new Set<Promise<void>>();
  #readAfter: string | undefined;
  #isPumpDue = false;
  #isStopped = false;

  constructor(spec: StreamMappingSpec, stream: Stream, source: BatchSource, options: ConsumerOptions) {
    this.#spec = spec;
    this.#stream = stream;
    this.#source = source;
    this.#options = options;
    this.#lanes = Array.from({ length: spec.parallelizationFactor }, () => emptyLane<StreamRecord>());
    if (spec.startingPosition === 'LATEST') {
      this.#readAfter = options.store.shard(stream, source.shardId).records.at(-1)?.sequenceNumber;
    }
    this.#stopListening = options.store.onPut(stream, () => this.#schedule());
    this.#schedule();
  }

  /** Everything up to this sequence number is done with: where another consumer would go on. */
  get checkpoint(): string | undefined {
    const unfinished = this.#lanes.flatMap((lane) => oldestUnfinished(lane) ?? []).sort();
    const { records } = this.#options.store.shard(this.#stream, this.#source.shardId);
    const [oldest] = unfinished;
    if (oldest === undefined) return this.#readAfter;
    return records.findLast(({ sequenceNumber }) => sequenceNumber < oldest)?.sequenceNumber;
  }

  /** Records that were put and not yet done with. */
  get backlog(): number {
    const { checkpoint } = this;
    const { records } = this.#options.store.shard(this.#stream, this.#source.shardId);
    return records.filter(({ sequenceNumber }) => checkpoint === undefined || sequenceNumber > checkpoint).length;
  }

  /** Delivers nothing more; resolves when what is in flight has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopListening();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#inFlight);
  }

  /** Several puts in one turn of the event loop make one look at the shard. */
  #schedule(): void {
    if (this.#isPumpDue || this.#isStopped) return;
    this.#isPumpDue = true;
    setImmediate(() => {
      this.#isPumpDue = false;
      if (!this.#isStopped) this.#pump();
    });
  }

  #pump(): void {
    this.#read();
    for (const index of this.#lanes.keys()) this.#deliver(index);
  }

  #read(): void {
    const room = this.#spec.lane.batchSize * BATCHES_AHEAD * this.#lanes.length;
    const held = this.#lanes.reduce((sum, lane) => sum + heldRecords(lane), 0);
    if (held >= room) return;
    const position = { shardId: this.#source.shardId, afterSequenceNumber: this.#readAfter };
    const records = this.#options.store.read(this.#stream, position, room - held);
    this.#readAfter = records.at(-1)?.sequenceNumber ?? this.#readAfter;
    const byLane = Map.groupBy(records, ({ partitionKey }) => laneOf(partitionKey, this.#lanes.length));
    for (const [index, own] of byLane) this.#update(index, (lane) => offer(lane, own));
  }

  #deliver(index: number): void {
    const lane = this.#lanes[index];
    if (!lane) return;
    const step = takeBatch(lane, this.#spec.lane, this.#options.nowMs());
    this.#lanes[index] = step.lane;
    this.#discard(step.discarded, false);
    clearTimeout(this.#timers.get(index));
    if (step.batch) {
      const delivery = this.#invoke(index, step.batch).finally(() => this.#inFlight.delete(delivery));
      this.#inFlight.add(delivery);
    } else if (step.dueMs !== undefined) {
      const waitMs = Math.max(0, step.dueMs - this.#options.nowMs());
      this.#timers.set(
        index,
        setTimeout(() => this.#schedule(), waitMs),
      );
    }
  }

  async #invoke(index: number, batch: Batch<StreamRecord>): Promise<void> {
    const outcome = await this.#options.invoke(this.#spec.functionName, kinesisEvent(batch.records, this.#source));
    const delivery = deliveryOf(outcome, batch.records, this.#spec.reportsItemFailures);
    this.#update(index, (lane) => {
      const step = settle(lane, delivery, this.#spec.lane, this.#options.nowMs());
      this.#discard(step.discarded, !outcome.ok);
      return step.lane;
    });
    this.#schedule();
  }

  #update(index: number, change: (lane: Lane<StreamRecord>) => Lane<StreamRecord>): void {
    const lane = this.#lanes[index];
    if (lane) this.#lanes[index] = change(lane);
  }

  #discard(discarded: readonly Discarded<StreamRecord>[], functionError: boolean): void {
    for (const entry of discarded) {
      const { onFailureArn, logicalId } = this.#spec;
      const count = entry.batch.records.length;
      this.#options.log(
        `${logicalId}: gave up ${count} record${count === 1 ? '' : 's'} of ${this.#source.shardId} (${entry.reason})` +
          (onFailureArn === undefined ? '; the mapping has no failure destination' : `, reported to ${onFailureArn}`),
      );
      if (onFailureArn === undefined) continue;
      const request = { requestId: randomUUID(), functionError, nowMs: this.#options.nowMs() };
      const sent = this.#options
        .sendToQueue(onFailureArn, failureMessage(entry, this.#source, request))
        .catch((error: unknown) => this.#options.log(`${logicalId}: ${(error as Error).message}`))
        .finally(() => this.#inFlight.delete(sent));
      this.#inFlight.add(sent);
    }
  }
}

/** The same key always takes the same lane, so its records stay in order. */
function laneOf(partitionKey: string, lanes: number): number {
  return lanes === 1 ? 0 : createHash('md5').update(partitionKey).digest().readUInt32BE(12) % lanes;
}
