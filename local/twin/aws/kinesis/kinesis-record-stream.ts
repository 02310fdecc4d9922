import type { RecordStream, StreamShard } from '../record-stream.ts';
import type { KinesisStore } from './kinesis-store.ts';
import type { StreamRecord } from './record-log.ts';
import { shardIdOf } from './sequence-number.ts';
import { isOpen, type Shard, type Stream } from './stream.ts';

/**
 * A stream as event source mappings read it. They are told of records instead of asking for them, so no read limit applies:
 * in AWS a mapping polls each shard once a second, far below the limit of five.
 */
export function kinesisRecordStream(stream: Stream, store: KinesisStore): RecordStream<StreamRecord> {
  return {
    arn: stream.arn,
    shards: () => stream.shards.map(describe),
    read: (shardId, afterSequenceNumber, limit) => store.read(stream, { shardId, afterSequenceNumber }, limit),
    latest: (shardId) => store.shard(stream, shardId).records.newest?.sequenceNumber,
    onChange: (listener) => store.onChange(stream, listener),
  };
}

function describe(shard: Shard): StreamShard {
  const { parent, adjacentParent } = shard.state;
  const parentIds = [parent, adjacentParent].flatMap((number) => (number === undefined ? [] : [shardIdOf(number)]));
  return { id: shard.id, parentIds, isClosed: !isOpen(shard) };
}
