import type { AwsService, Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { constrain, optionalInteger, optionalText, requiredList, requiredText } from '../member-constraints.ts';
import { fromHashKey } from './hash-key.ts';
import { invalidArgument } from './kinesis-error.ts';
import type { KinesisStore, NewRecord } from './kinesis-store.ts';
import type { KeptRecord } from './record-log.ts';
import { parseSequenceNumber, shardIdOf } from './sequence-number.ts';
import { parseShardIterator, shardIterator } from './shard-iterator.ts';
import { childrenOf, isOpen, type Shard, type Stream } from './stream.ts';
import { streamOf } from './stream-input.ts';

/** Limits of one request; API reference, PutRecords and GetRecords. */
const PUT_RECORDS_MAX = 500;
const PUT_RECORDS_BYTES_MAX = 10 * 1024 * 1024;
const GET_RECORDS_MAX = 10_000;
const GET_RECORDS_BYTES_MAX = 10 * 1024 * 1024;
const ITERATOR_TYPES = ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'];

/** Writing and reading records. */
export function recordOperations(store: KinesisStore, nowMs: () => number): AwsService {
  return {
    PutRecord: (input) => {
      const stream = streamOf(store, input);
      const record = newRecord(stream, input);
      const put = putWithin(store, stream, record, nowMs());
      if (!put) throw rateExceeded(store, stream, store.shardFor(stream, record));
      return { ...identify(put), EncryptionType: encryptionOf(stream) };
    },
    PutRecords: (input) => {
      const stream = streamOf(store, input);
      const entries = requiredList(input, 'Records', { minLength: 1, maxLength: PUT_RECORDS_MAX });
      // A record that is malformed fails the request before any is written; one that exceeds a rate fails alone.
      const records = entries.map((entry, index) => newRecord(stream, entry, `records.${index + 1}.member.`));
      if (records.reduce((sum, record) => sum + sizeOf(record), 0) > PUT_RECORDS_BYTES_MAX) {
        throw invalidArgument(`Records size exceeds ${PUT_RECORDS_BYTES_MAX / 1024 / 1024} MB limit`);
      }
      const shards = records.map((record) => store.shardFor(stream, record));
      const Records = records.map((record, index) => {
        const put = putWithin(store, stream, record, nowMs());
        if (put) return identify(put);
        const { type, message } = rateExceeded(store, stream, shards[index]);
        return { ErrorCode: type, ErrorMessage: message };
      });
      const FailedRecordCount = Records.filter((record) => 'ErrorCode' in record).length;
      return { FailedRecordCount, Records, EncryptionType: encryptionOf(stream) };
    },
    GetShardIterator: (input) => {
      const stream = streamOf(store, input);
      const shardId = requiredText(input, 'ShardId', { minLength: 1, maxLength: 128, pattern: /[a-zA-Z0-9_.-]+/ });
      const shard = store.shard(stream, shardId);
      const afterOrdinal = startAfter(store, stream, shard, input, nowMs());
      const position = { streamName: stream.name, shardId: shard.id, afterOrdinal };
      return { ShardIterator: shardIterator(position, nowMs()) };
    },
    GetRecords: (input) => {
      const limit = optionalInteger(input, 'Limit', { min: 1, max: GET_RECORDS_MAX }) ?? GET_RECORDS_MAX;
      const position = parseShardIterator(requiredText(input, 'ShardIterator', { minLength: 1 }), nowMs());
      const stream = store.stream(position.streamName);
      const shard = store.shard(stream, position.shardId);
      if (!shard.throughput.admitRead(nowMs())) throw rateExceeded(store, stream, shard);
      const records = withinBytes(store.readAfter(stream, shard, position.afterOrdinal, limit));
      shard.throughput.countRead(records.reduce((sum, record) => sum + sizeOf(record), 0));
      const last = records.at(-1);
      const afterOrdinal = last?.ordinal ?? position.afterOrdinal;
      const isAtTip = shard.records.countAfter(afterOrdinal) === 0;
      const isRead = isAtTip && !isOpen(shard);
      return {
        Records: records.map(describeRecord),
        NextShardIterator: isRead ? null : shardIterator({ ...position, afterOrdinal }, nowMs()),
        MillisBehindLatest: isAtTip ? 0 : nowMs() - (last?.arrivalMs ?? nowMs()),
        ...(isRead && { ChildShards: childrenOf(stream, shard).map(describeChild) }),
      };
    },
  };
}

function newRecord(stream: Stream, input: Input, path = ''): NewRecord {
  const data = requiredText(input, 'Data');
  const partitionKey = requiredText(input, 'PartitionKey');
  constrain(`${path}partitionKey`, partitionKey, { minLength: 1, maxLength: 256 });
  const record = { partitionKey, data, explicitHashKey: optionalText(input, 'ExplicitHashKey') };
  const maxBytes = stream.state.maxRecordKiB * 1024;
  // The limit is on partition key and data together.
  if (sizeOf(record) > maxBytes)
    constrain(`${path}data`, data, { maxLength: maxBytes - Buffer.byteLength(partitionKey) });
  return record;
}

/** Bytes that count against the limits: the data before Base64, and the partition key. */
function sizeOf({ data, partitionKey }: { readonly data: string; readonly partitionKey: string }): number {
  return Buffer.byteLength(data, 'base64') + Buffer.byteLength(partitionKey);
}

/** `undefined` where the shard's write limits are exceeded. */
function putWithin(store: KinesisStore, stream: Stream, record: NewRecord, nowMs: number): KeptRecord | undefined {
  const shard = store.shardFor(stream, record);
  return shard.throughput.admitWrite(sizeOf(record), nowMs) ? store.append(stream, shard, record) : undefined;
}

function identify(record: KeptRecord): { readonly ShardId: string; readonly SequenceNumber: string } {
  return { ShardId: shardIdOf(record.shardNumber), SequenceNumber: record.sequenceNumber };
}

function rateExceeded({ accountId }: KinesisStore, { name }: Stream, shard: Shard | undefined): AwsError {
  return new AwsError(
    'ProvisionedThroughputExceededException',
    `Rate exceeded for shard ${shard?.id} in stream ${name} under account ${accountId}.`,
  );
}

function encryptionOf({ state }: Stream): string {
  return state.encryptionKeyId === undefined ? 'NONE' : 'KMS';
}

/** Ordinal before the first record that an iterator of the asked type returns. */
function startAfter(store: KinesisStore, stream: Stream, shard: Shard, input: Input, nowMs: number): number {
  const type = requiredText(input, 'ShardIteratorType', { oneOf: ITERATOR_TYPES });
  if (type === 'TRIM_HORIZON') return 0;
  if (type === 'LATEST') return shard.records.newest?.ordinal ?? shard.state.startOrdinal;
  if (type === 'AT_TIMESTAMP') {
    const atMs = Number(input.Timestamp) * 1_000;
    if (Number.isNaN(atMs))
      throw invalidArgument('Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP.');
    if (atMs > nowMs) {
      throw invalidArgument(
        `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${atMs}, currentTimestampInMillis: ${nowMs}`,
      );
    }
    return shard.records.ordinalBefore(atMs);
  }
  const at = optionalText(input, 'StartingSequenceNumber');
  if (at === undefined) {
    throw invalidArgument(`Must specify StartingSequenceNumber parameter for iterator of type ${type}.`);
  }
  const parsed = parseSequenceNumber(at);
  if (!parsed) {
    throw invalidArgument(
      `StartingSequenceNumber ${at} used in GetShardIterator on shard ${shard.id} in stream ${stream.name} under account ` +
        `${store.accountId} is invalid.`,
    );
  }
  if (parsed.shardNumber !== shard.state.number) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${shardIdOf(parsed.shardNumber)}, while it was used in a call to a shard with ` +
        shard.id,
    );
  }
  return type === 'AT_SEQUENCE_NUMBER' ? parsed.ordinal - 1 : parsed.ordinal;
}

function withinBytes(records: readonly KeptRecord[]): readonly KeptRecord[] {
  let bytes = 0;
  const end = records.findIndex((record) => {
    bytes += sizeOf(record);
    return bytes > GET_RECORDS_BYTES_MAX;
  });
  // A single record is below the limit, but never return nothing where there is something.
  return end < 0 ? records : records.slice(0, Math.max(1, end));
}

function describeRecord(record: KeptRecord): Record<string, unknown> {
  return {
    SequenceNumber: record.sequenceNumber,
    PartitionKey: record.partitionKey,
    Data: record.data,
    ApproximateArrivalTimestamp: record.arrivalMs / 1_000,
  };
}

function describeChild({ id, state }: Shard): Record<string, unknown> {
  const { parent, adjacentParent, firstHashKey, lastHashKey } = state;
  return {
    ShardId: id,
    ParentShards: [parent, adjacentParent].flatMap((number) => (number === undefined ? [] : [shardIdOf(number)])),
    HashKeyRange: {
      StartingHashKey: String(fromHashKey(firstHashKey)),
      EndingHashKey: String(fromHashKey(lastHashKey)),
    },
  };
}
