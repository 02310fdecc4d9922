import type { DatabaseSync } from 'node:sqlite';
import { DurableMap } from '../../aws/durable-map.ts';
import type { OpenWindow } from './tumbling-window.ts';

/** How far a mapping has come in a shard. */
export interface ShardCheckpoint {
  /** Everything up to this sequence number is done with; missing: nothing is. */
  readonly after?: string | undefined;
  /** The shard is closed and was read to its end. */
  readonly isFinished?: boolean;
  readonly window?: OpenWindow | undefined;
}

/**
 * How far all mappings have come. Outlives them, so that what `--watch` creates again goes on where its predecessor ended;
 * with a database it outlives the process, too.
 */
export class Checkpoints {
  readonly #shards: DurableMap<ShardCheckpoint>;

  constructor(database?: DatabaseSync) {
    this.#shards = new DurableMap(database, 'lambda_checkpoints');
  }

  /** @param mapping id of the mapping, with its source. */
  of(mapping: string): MappingCheckpoints {
    const key = (shardId: string): string => `${mapping} ${shardId}`;
    return {
      isKnown: this.#shards.has(mapping),
      start: () => this.#shards.set(mapping, {}),
      get: (shardId) => this.#shards.get(key(shardId)),
      set: (shardId, checkpoint) => this.#shards.set(key(shardId), checkpoint),
    };
  }

  /** Writes what is not written yet; to be called before the database is closed. */
  flush(): void {
    this.#shards.flush();
  }
}

/** The checkpoints of one mapping. */
export interface MappingCheckpoints {
  /** The mapping ran before: shards that it does not know were added since. */
  readonly isKnown: boolean;
  start(): void;
  get(shardId: string): ShardCheckpoint | undefined;
  set(shardId: string, checkpoint: ShardCheckpoint): void;
}
