import type { AwsService, Input } from '../aws-call.ts';
import { optionalInteger, optionalText, requiredText } from '../member-constraints.ts';
import { inUse, invalidArgument } from './kinesis-error.ts';
import type { KinesisStore } from './kinesis-store.ts';
import { describeShard } from './shard-operations.ts';
import type { Stream } from './stream.ts';
import { STREAM_NAME, streamOf } from './stream-input.ts';

/** What an on-demand stream starts with. */
export const ON_DEMAND_SHARDS = 4;
const SHARD_LIMIT = 20_000;
const ON_DEMAND_STREAMS_LIMIT = 50;
const RETENTION_HOURS = { min: 24, max: 8_760 };
const RECORD_KIB = { min: 1_024, max: 10_240 };

/** Streams themselves. They are ACTIVE at once; AWS needs half a minute to create one. */
export function streamOperations(store: KinesisStore): AwsService {
  const change = (input: Input, apply: (stream: Stream) => void): void => {
    const stream = streamOf(store, input);
    apply(stream);
    store.changed(stream);
  };
  const onDemand = (): readonly Stream[] => store.streams().filter(({ state }) => state.isOnDemand);
  return {
    CreateStream: (input) => {
      const name = requiredText(input, 'StreamName', STREAM_NAME);
      const isOnDemand = modeOf(input) === 'ON_DEMAND';
      const given = optionalInteger(input, 'ShardCount', { min: 1 });
      const warm = optionalInteger(input, 'WarmThroughputMiBps', { min: 0 }) ?? 0;
      const shardCount = isOnDemand ? Math.max(ON_DEMAND_SHARDS, warm) : given;
      if (shardCount === undefined) throw invalidArgument('ShardCount is required for streams in provisioned mode.');
      const maxRecordKiB = optionalInteger(input, 'MaxRecordSizeInKiB', RECORD_KIB);
      const stream = store.create(name, { isOnDemand, shardCount, retentionHours: 24, maxRecordKiB });
      Object.assign(stream.state.tags, input.Tags);
      store.changed(stream);
    },
    DeleteStream: (input) => {
      const stream = streamOf(store, input);
      if (stream.state.consumers.length > 0 && input.EnforceConsumerDeletion !== true) {
        throw inUse(
          `Stream ${stream.name} under account ${store.accountId} has registered consumers; deregister them, or set ` +
            'EnforceConsumerDeletion.',
        );
      }
      store.delete(stream);
    },
    DescribeStream: (input) => {
      const stream = streamOf(store, input);
      const max = optionalInteger(input, 'Limit', { min: 1, max: 10_000 }) ?? 100;
      const after = optionalText(input, 'ExclusiveStartShardId') ?? '';
      const shards = stream.shards.filter(({ id }) => id > after);
      return {
        StreamDescription: {
          ...describe(stream),
          Shards: shards.slice(0, max).map(describeShard),
          HasMoreShards: shards.length > max,
        },
      };
    },
    DescribeStreamSummary: (input) => {
      const stream = streamOf(store, input);
      const { consumers, maxRecordKiB } = stream.state;
      return {
        StreamDescriptionSummary: {
          ...describe(stream),
          OpenShardCount: stream.open.length,
          ConsumerCount: consumers.length,
          MaxRecordSizeInKiB: maxRecordKiB,
        },
      };
    },
    ListStreams: (input) => {
      const max = optionalInteger(input, 'Limit', { min: 1, max: 10_000 }) ?? 100;
      const after = optionalText(input, 'NextToken') ?? optionalText(input, 'ExclusiveStartStreamName') ?? '';
      const streams = store.streams().filter(({ name }) => name > after);
      const page = streams.slice(0, max);
      const HasMoreStreams = streams.length > max;
      return {
        StreamNames: page.map(({ name }) => name),
        StreamSummaries: page.map(summarize),
        HasMoreStreams,
        ...(HasMoreStreams && { NextToken: page.at(-1)?.name }),
      };
    },
    DescribeLimits: () => ({
      ShardLimit: SHARD_LIMIT,
      OpenShardCount: store.streams().reduce((sum, { open }) => sum + open.length, 0),
      OnDemandStreamCount: onDemand().length,
      OnDemandStreamCountLimit: ON_DEMAND_STREAMS_LIMIT,
    }),
    IncreaseStreamRetentionPeriod: (input) => changeRetention(input, change, 1),
    DecreaseStreamRetentionPeriod: (input) => changeRetention(input, change, -1),
    UpdateStreamMode: (input) =>
      change(input, ({ state }) => {
        state.isOnDemand = modeOf(input) === 'ON_DEMAND';
      }),
    UpdateMaxRecordSize: (input) =>
      change(input, ({ state }) => {
        state.maxRecordKiB = optionalInteger(input, 'MaxRecordSizeInKiB', RECORD_KIB) ?? state.maxRecordKiB;
      }),
    // Encryption changes nothing on one machine, but what was asked for is told.
    StartStreamEncryption: (input) =>
      change(input, ({ state }) => {
        state.encryptionKeyId = requiredText(input, 'KeyId', { minLength: 1, maxLength: 2048 });
      }),
    StopStreamEncryption: (input) =>
      change(input, ({ state }) => {
        state.encryptionKeyId = undefined;
      }),
  };
}

function changeRetention(
  input: Input,
  change: (input: Input, apply: (stream: Stream) => void) => void,
  direction: 1 | -1,
): void {
  const hours = optionalInteger(input, 'RetentionPeriodHours') ?? 0;
  const { min, max } = RETENTION_HOURS;
  if (hours < min)
    throw invalidArgument(
      `Minimum allowed retention period is ${min} hours. Requested retention period (${hours} hours) is too short.`,
    );
  if (hours > max)
    throw invalidArgument(
      `Maximum allowed retention period is ${max} hours. Requested retention period (${hours} hours) is too long.`,
    );
  change(input, ({ name, state }) => {
    if ((hours - state.retentionHours) * direction < 0) {
      throw invalidArgument(
        `Requested retention period (${hours} hours) for stream ${name} can not be ` +
          `${direction > 0 ? 'shorter' : 'longer'} than existing retention period (${state.retentionHours} hours). ` +
          `Use ${direction > 0 ? 'DecreaseRetentionPeriod' : 'IncreaseRetentionPeriod'} API.`,
      );
    }
    state.retentionHours = hours;
  });
}

function modeOf(input: Input): string {
  const details = (input.StreamModeDetails ?? {}) as Input;
  return optionalText(details, 'StreamMode', { oneOf: ['PROVISIONED', 'ON_DEMAND'] }) ?? 'PROVISIONED';
}

function summarize({ name, arn, state }: Stream): Record<string, unknown> {
  return {
    StreamName: name,
    StreamARN: arn,
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode: state.isOnDemand ? 'ON_DEMAND' : 'PROVISIONED' },
    StreamCreationTimestamp: state.createdMs / 1_000,
  };
}

function describe(stream: Stream): Record<string, unknown> {
  const { retentionHours, encryptionKeyId } = stream.state;
  return {
    ...summarize(stream),
    RetentionPeriodHours: retentionHours,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: encryptionKeyId === undefined ? 'NONE' : 'KMS',
    ...(encryptionKeyId !== undefined && { KeyId: encryptionKeyId }),
  };
}
