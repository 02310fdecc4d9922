import type { AwsService, Input } from '../../aws-call.ts';
import { AwsError } from '../../aws-error.ts';
import { constrain, optionalInteger, optionalText, requiredText } from '../../member-constraints.ts';
import { validationError } from '../dynamodb-error.ts';
import type { TableStore } from '../storage/table-store.ts';
import { parseStreamIterator, streamIterator } from './stream-iterator.ts';
import type { ChangeRecord, TableStream } from './table-stream.ts';
import type { TableStreams } from './table-streams.ts';

const LIMIT_MAX = 1000;
const STREAMS_MAX = 100;
/** An answer has at most 1 MB of records. */
const ANSWER_BYTES_MAX = 1024 * 1024;
const ITERATOR_TYPES = ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'TRIM_HORIZON', 'LATEST'];

/** The API of DynamoDB Streams, which is a service of its own: `dynamodbstreams`. */
export function streamOperations(streams: TableStreams, tables: TableStore, nowMs: () => number): AwsService {
  return {
    ListStreams: (input) => listStreams(streams, input),
    DescribeStream: (input) => describeStream(findStream(streams, requiredText(input, 'StreamArn')), tables, input),
    GetShardIterator: (input) => getShardIterator(streams, input, nowMs()),
    GetRecords: (input) => getRecords(streams, input, nowMs()),
  };
}

function listStreams(streams: TableStreams, input: Input): Record<string, unknown> {
  const tableName = optionalText(input, 'TableName');
  const start = optionalText(input, 'ExclusiveStartStreamArn') ?? '';
  const limit = optionalInteger(input, 'Limit', { min: 1, max: STREAMS_MAX }) ?? STREAMS_MAX;
  const found = streams
    .values()
    .filter((stream) => (tableName === undefined || stream.tableName === tableName) && stream.arn > start)
    .sort((left, right) => (left.arn < right.arn ? -1 : 1));
  const page = found.slice(0, limit);
  return {
    Streams: page.map(({ arn, tableName: TableName, label }) => ({ StreamArn: arn, TableName, StreamLabel: label })),
    ...(found.length > page.length && { LastEvaluatedStreamArn: page.at(-1)?.arn }),
  };
}

function describeStream(stream: TableStream, tables: TableStore, input: Input): Record<string, unknown> {
  const limit = optionalInteger(input, 'Limit', { min: 1, max: STREAMS_MAX }) ?? STREAMS_MAX;
  const start = optionalText(input, 'ExclusiveStartShardId') ?? '';
  const shards = stream.shards().filter(({ id }) => id > start);
  const page = shards.slice(0, limit);
  return {
    StreamDescription: {
      StreamArn: stream.arn,
      StreamLabel: stream.label,
      StreamStatus: stream.isEnabled ? 'ENABLED' : 'DISABLED',
      StreamViewType: stream.viewType,
      CreationRequestDateTime: stream.createdMs / 1000,
      TableName: stream.tableName,
      KeySchema: tables.find(stream.tableName)?.definition.KeySchema ?? [],
      Shards: page.map(({ id, isClosed }) => ({
        ShardId: id,
        SequenceNumberRange: {
          StartingSequenceNumber: stream.oldest(id) ?? '0'.repeat(21),
          ...(isClosed && { EndingSequenceNumber: stream.latest(id) ?? '0'.repeat(21) }),
        },
      })),
      ...(shards.length > page.length && { LastEvaluatedShardId: page.at(-1)?.id }),
    },
  };
}

function getShardIterator(streams: TableStreams, input: Input, nowMs: number): Record<string, unknown> {
  const streamArn = requiredText(input, 'StreamArn');
  const shardId = requiredText(input, 'ShardId');
  const type = requiredText(input, 'ShardIteratorType', { oneOf: ITERATOR_TYPES });
  const sequenceNumber = optionalText(input, 'SequenceNumber');
  const stream = findStream(streams, streamArn);
  checkShard(stream, shardId);
  const after = positionOf(stream, shardId, type, sequenceNumber);
  return { ShardIterator: streamIterator({ streamArn, shardId, after }, nowMs) };
}

function positionOf(
  stream: TableStream,
  shardId: string,
  type: string,
  sequenceNumber: string | undefined,
): string | undefined {
  if (type === 'TRIM_HORIZON') return undefined;
  if (type === 'LATEST') return stream.latest(shardId);
  if (sequenceNumber === undefined) {
    throw validationError(`SequenceNumber must be provided when ShardIteratorType is ${type}`);
  }
  const oldest = stream.oldest(shardId);
  if (oldest !== undefined && sequenceNumber < oldest) {
    throw new AwsError(
      'TrimmedDataAccessException',
      'The operation attempted to read past the oldest stream record in a shard.',
    );
  }
  return type === 'AFTER_SEQUENCE_NUMBER' ? sequenceNumber : before(sequenceNumber);
}

/** The largest number of the same length below one. */
function before(sequenceNumber: string): string {
  return String(BigInt(sequenceNumber) - 1n).padStart(sequenceNumber.length, '0');
}

function getRecords(streams: TableStreams, input: Input, nowMs: number): Record<string, unknown> {
  const iterator = requiredText(input, 'ShardIterator');
  const limit = input.Limit ?? LIMIT_MAX;
  constrain('limit', limit, { min: 1, max: LIMIT_MAX });
  const { streamArn, shardId, after } = parseStreamIterator(iterator, nowMs);
  const stream = findStream(streams, streamArn);
  checkShard(stream, shardId);
  const read = stream.read(shardId, after, Number(limit));
  const records: ChangeRecord[] = [];
  let bytes = 0;
  for (const record of read) {
    bytes += record.event.dynamodb.SizeBytes;
    if (records.length > 0 && bytes > ANSWER_BYTES_MAX) break;
    records.push(record);
  }
  const last = records.at(-1)?.sequenceNumber ?? after;
  const isOver = !stream.isEnabled && records.length === read.length && stream.latest(shardId) === last;
  return {
    Records: records.map(({ event }) => apiRecord(event, stream)),
    ...(!isOver && { NextShardIterator: streamIterator({ streamArn, shardId, after: last }, nowMs) }),
  };
}

/** The API writes the members of an identity in capitals, an event does not. */
function apiRecord({ userIdentity, ...event }: ChangeRecord['event'], stream: TableStream): Record<string, unknown> {
  return {
    ...event,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: stream.arn.split(':')[3],
    ...(userIdentity && { userIdentity: { Type: userIdentity.type, PrincipalId: userIdentity.principalId } }),
  };
}

function findStream(streams: TableStreams, arn: string): TableStream {
  const stream = streams.find(arn);
  if (stream) return stream;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`);
}

function checkShard(stream: TableStream, shardId: string): void {
  if (stream.shards().some(({ id }) => id === shardId)) return;
  throw new AwsError(
    'ResourceNotFoundException',
    `Requested resource not found: Shard: ${shardId} in stream: ${stream.arn} not found`,
  );
}
