import type { AwsService, Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { optionalString, requiredString } from '../input.ts';
import type { KinesisStore, ReadPosition, Shard, Stream } from './kinesis-store.ts';

/** AWS accepts this many records in one PutRecords, and returns at most 10,000 by GetRecords. */
const PUT_RECORDS_MAX = 500;
const GET_RECORDS_MAX = 10_000;
const RECORD_MAX_BYTES = 10 * 1024 * 1024;

/** Kinesis Data Streams, API version 2013-12-02, as far as producers and polling consumers need it. */
export function kinesisService(store: KinesisStore, nowMs: () => number): AwsService {
  const streamOf = (input: Input): Stream =>
    store.stream(optionalString(input, 'StreamARN') ?? requiredString(input, 'StreamName'));
  const put = (stream: Stream, record: Input): { readonly shardId: string; readonly sequenceNumber: string } => {
    const data = requiredString(record, 'Data');
    const partitionKey = requiredString(record, 'PartitionKey');
    if (partitionKey.length > 256) throw invalid(`PartitionKey must have length less than or equal to 256`);
    if (Buffer.byteLength(data, 'base64') > RECORD_MAX_BYTES)
      throw invalid(`Record is larger than ${RECORD_MAX_BYTES} bytes`);
    const explicit = optionalString(record, 'ExplicitHashKey');
    return store.put(stream, {
      partitionKey,
      data,
      ...(explicit !== undefined && { explicitHashKey: BigInt(explicit) }),
    });
  };
  return {
    CreateStream: (input) => {
      const mode = (input.StreamModeDetails as { readonly StreamMode?: string } | undefined)?.StreamMode;
      const isOnDemand = mode === 'ON_DEMAND';
      store.create(requiredString(input, 'StreamName'), {
        isOnDemand,
        shardCount: isOnDemand ? 4 : Number(input.ShardCount ?? 1),
        retentionHours: 24,
      });
    },
    DescribeStream: (input) => ({
      StreamDescription: {
        ...describe(streamOf(input)),
        Shards: streamOf(input).shards.map(describeShard),
        HasMoreShards: false,
      },
    }),
    DescribeStreamSummary: (input) => ({
      StreamDescriptionSummary: {
        ...describe(streamOf(input)),
        OpenShardCount: streamOf(input).shards.length,
        ConsumerCount: 0,
      },
    }),
    ListShards: (input) => ({ Shards: streamOf(input).shards.map(describeShard) }),
    ListStreams: () => ({ StreamNames: store.streams().map(({ name }) => name), HasMoreStreams: false }),
    PutRecord: (input) => {
      const { shardId, sequenceNumber } = put(streamOf(input), input);
      return { ShardId: shardId, SequenceNumber: sequenceNumber };
    },
    PutRecords: (input) => {
      const records = input.Records as readonly Input[] | undefined;
      if (!records || records.length < 1 || records.length > PUT_RECORDS_MAX) {
        throw invalid(`Records must have between 1 and ${PUT_RECORDS_MAX} entries, got ${records?.length ?? 0}`);
      }
      const stream = streamOf(input);
      const Records = records.map((record) => {
        const { shardId, sequenceNumber } = put(stream, record);
        return { ShardId: shardId, SequenceNumber: sequenceNumber };
      });
      return { FailedRecordCount: 0, Records };
    },
    GetShardIterator: (input) => {
      const stream = streamOf(input);
      const shard = store.shard(stream, requiredString(input, 'ShardId'));
      return { ShardIterator: iterator(stream, { shardId: shard.id, afterSequenceNumber: startAfter(shard, input) }) };
    },
    GetRecords: (input) => {
      const { stream, position } = parseIterator(store, requiredString(input, 'ShardIterator'));
      const records = store.read(stream, position, Math.min(Number(input.Limit ?? GET_RECORDS_MAX), GET_RECORDS_MAX));
      const last = records.at(-1)?.sequenceNumber ?? position.afterSequenceNumber;
      return {
        Records: records.map(({ sequenceNumber, partitionKey, data, arrivalMs }) => ({
          SequenceNumber: sequenceNumber,
          PartitionKey: partitionKey,
          Data: data,
          ApproximateArrivalTimestamp: arrivalMs / 1_000,
        })),
        NextShardIterator: iterator(stream, { ...position, afterSequenceNumber: last }),
        MillisBehindLatest: records[0] ? Math.max(0, nowMs() - records[0].arrivalMs) : 0,
      };
    },
  };
}

/** Sequence number before the first record that an iterator of the asked type returns. */
function startAfter(shard: Shard, input: Input): string | undefined {
  const type = requiredString(input, 'ShardIteratorType');
  const indexBefore = (found: number): string | undefined => shard.records[found - 1]?.sequenceNumber;
  switch (type) {
    case 'TRIM_HORIZON':
      return undefined;
    case 'LATEST':
      return shard.records.at(-1)?.sequenceNumber;
    case 'AFTER_SEQUENCE_NUMBER':
      return requiredString(input, 'StartingSequenceNumber');
    case 'AT_SEQUENCE_NUMBER': {
      const at = requiredString(input, 'StartingSequenceNumber');
      return (BigInt(at) - 1n).toString();
    }
    case 'AT_TIMESTAMP': {
      const atMs = Number(input.Timestamp) * 1_000;
      const found = shard.records.findIndex(({ arrivalMs }) => arrivalMs >= atMs);
      return indexBefore(found < 0 ? shard.records.length : found);
    }
    default:
      throw invalid(`ShardIteratorType must be one of those that AWS documents, got ${type}`);
  }
}

function iterator(stream: Stream, position: ReadPosition): string {
  return Buffer.from(JSON.stringify([stream.name, position.shardId, position.afterSequenceNumber])).toString('base64');
}

function parseIterator(
  store: KinesisStore,
  text: string,
): { readonly stream: Stream; readonly position: ReadPosition } {
  let parsed: [string, string, string | null];
  try {
    parsed = JSON.parse(Buffer.from(text, 'base64').toString()) as [string, string, string | null];
  } catch {
    throw invalid('Invalid ShardIterator.');
  }
  const [name, shardId, afterSequenceNumber] = parsed;
  return { stream: store.stream(name), position: { shardId, afterSequenceNumber: afterSequenceNumber ?? undefined } };
}

function describe(stream: Stream): Record<string, unknown> {
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode: stream.isOnDemand ? 'ON_DEMAND' : 'PROVISIONED' },
    RetentionPeriodHours: stream.retentionHours,
    StreamCreationTimestamp: stream.createdMs / 1_000,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE',
  };
}

function describeShard(shard: Shard): Record<string, unknown> {
  return {
    ShardId: shard.id,
    HashKeyRange: { StartingHashKey: String(shard.startingHashKey), EndingHashKey: String(shard.endingHashKey) },
    SequenceNumberRange: { StartingSequenceNumber: shard.startingSequenceNumber },
  };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidArgumentException', message);
}
