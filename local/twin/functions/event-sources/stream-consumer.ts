import type { RecordStream, StreamedRecord } from '../../aws/record-stream.ts';
import { machineTimer } from '../../aws/set-timer.ts';
import type { Checkpoints, MappingCheckpoints, ShardCheckpoint } from './checkpoints.ts';
import type { EventSourceOptions, SourceConsumer } from './event-source-options.ts';
import type { SendFailure } from './failure-destination.ts';
import { failureRecord } from './failure-record.ts';
import type { MappingSpec } from './mapping-spec.ts';
import { type GivenUp, ShardConsumer, type ShardContext } from './shard-consumer.ts';
import type { StreamMappingSpec } from './stream-mapping-spec.ts';
import type { StreamSource } from './stream-source.ts';

/** What a stream's consumer is made of. */
export interface StreamParts {
  readonly spec: MappingSpec<StreamMappingSpec>;
  readonly stream: RecordStream<StreamedRecord>;
  readonly source: StreamSource;
  readonly functionArn: string;
  readonly checkpoints: Checkpoints;
  /** `undefined`: the mapping has no failure destination. */
  readonly sendFailure: SendFailure | undefined;
}

/** Consumes all shards of a stream for one mapping: those that were split or merged before those that came of them. */
export class StreamConsumer implements SourceConsumer {
  readonly #parts: StreamParts;
  readonly #options: EventSourceOptions;
  readonly #checkpoints: MappingCheckpoints;
  readonly #context: ShardContext;
  readonly #shards = new Map<string, ShardConsumer>();
  readonly #stopListening: () => void;
  #isLookDue = false;

  constructor(parts: StreamParts, options: EventSourceOptions) {
    this.#parts = parts;
    this.#options = options;
    const { spec, stream, source } = parts;
    this.#checkpoints = parts.checkpoints.of(`${spec.stackName}/${spec.logicalId} ${spec.sourceArn}`);
    this.#context = {
      spec,
      stream,
      source,
      invoke: options.invoke,
      nowMs: options.nowMs,
      setTimer: options.setTimer ?? machineTimer,
      giveUp: (given) => this.#giveUp(given),
      save: (shardId, checkpoint) => this.#checkpoints.set(shardId, checkpoint),
      onFinished: () => this.#look(),
    };
    if (!this.#checkpoints.isKnown) this.#begin();
    this.#stopListening = stream.onChange(() => this.#schedule());
    this.#look();
  }

  get backlog(): number {
    return [...this.#shards.values()].reduce((sum, { backlog }) => sum + backlog, 0);
  }

  get oldestMs(): number | undefined {
    const oldest = [...this.#shards.values()].flatMap((shard) => shard.oldestMs ?? []);
    return oldest.length > 0 ? Math.min(...oldest) : undefined;
  }

  async stop(): Promise<void> {
    this.#stopListening();
    await Promise.all([...this.#shards.values()].map((shard) => shard.stop()));
    this.#parts.checkpoints.flush();
  }

  /** Marks where each shard of a mapping that never ran starts; later shards are read from their beginning. */
  #begin(): void {
    const { spec, stream } = this.#parts;
    if (spec.source.startingPosition.kind === 'LATEST') {
      for (const { id, isClosed } of stream.shards()) {
        this.#checkpoints.set(id, { after: stream.latest(id), isFinished: isClosed });
      }
    }
    this.#checkpoints.start();
  }

  #schedule(): void {
    if (this.#isLookDue) return;
    this.#isLookDue = true;
    setImmediate(() => {
      this.#isLookDue = false;
      this.#look();
    });
  }

  /** Starts the shards whose turn has come, and wakes the others. */
  #look(): void {
    const shards = this.#parts.stream.shards();
    const present = new Set(shards.map(({ id }) => id));
    // A parent that the stream lists no more has no record left to be read.
    const isDone = (id: string): boolean => !present.has(id) || this.#checkpoints.get(id)?.isFinished === true;
    for (const { id, parentIds } of shards) {
      const running = this.#shards.get(id);
      if (running) running.wake();
      else if (!isDone(id) && parentIds.every(isDone)) {
        this.#shards.set(id, new ShardConsumer(this.#context, id, this.#start(id)));
      }
    }
  }

  #start(shardId: string): ShardCheckpoint {
    const checkpoint = this.#checkpoints.get(shardId) ?? {};
    const newest = this.#parts.stream.latest(shardId);
    // Beyond the newest record: the stream was lost and made anew, while its checkpoint was kept.
    const isStale = checkpoint.after !== undefined && newest !== undefined && checkpoint.after > newest;
    return isStale ? {} : checkpoint;
  }

  async #giveUp({ discarded, ...given }: GivenUp): Promise<void> {
    const { spec, source, functionArn, sendFailure } = this.#parts;
    const { logicalId, sourceArn } = spec;
    const { log, nowMs } = this.#options;
    const count = discarded.batch.records.length;
    const what = count === 0 ? 'the end of a tumbling window' : `${count} record${count === 1 ? '' : 's'}`;
    const { onFailureArn } = spec.source;
    log(
      `${logicalId}: gave up ${what} of ${given.shardId} (${discarded.reason})` +
        (onFailureArn === undefined ? '; the mapping has no failure destination' : `, reported to ${onFailureArn}`),
    );
    if (!sendFailure || count === 0) return;
    const { batchInfo, batchInfoTime } = source;
    const context = { ...given, functionArn, sourceArn, nowMs: nowMs(), batchInfo, batchInfoTime };
    const event = { Records: discarded.batch.records.map(({ record }) => source.toEvent(record, given.shardId)) };
    const failure = {
      ...{ message: failureRecord(discarded, context), event },
      ...{ shardId: given.shardId, nowMs: context.nowMs },
    };
    await sendFailure(failure).catch((error: unknown) => {
      log(`${logicalId}: the failure destination ${onFailureArn} did not take a message: ${(error as Error).message}`);
    });
  }
}
