/** What readers of a stream need to know of a record. */
export interface StreamedRecord {
  /** Grows within a shard; compares as text, since all of a stream have the same length. */
  readonly sequenceNumber: string;
  /** Records with the same key stay in order. */
  readonly partitionKey: string;
  readonly arrivalMs: number;
}

export interface StreamShard {
  readonly id: string;
  /** Shards that this one was split or merged from; they are read to their end before it. */
  readonly parentIds: readonly string[];
  /** No record will be added any more. */
  readonly isClosed: boolean;
}

/** A stream of Kinesis or of a DynamoDB table, as its event source mappings read it. */
export interface RecordStream<R extends StreamedRecord> {
  readonly arn: string;
  shards(): readonly StreamShard[];
  /** The oldest records kept after a sequence number; from the oldest on where it is `undefined`. */
  read(shardId: string, afterSequenceNumber: string | undefined, limit: number): readonly R[];
  /** Sequence number of the newest record; `undefined` in an empty shard. */
  latest(shardId: string): string | undefined;
  /** Calls `listener` after records or shards were added; returns how to stop it. */
  onChange(listener: () => void): () => void;
}
