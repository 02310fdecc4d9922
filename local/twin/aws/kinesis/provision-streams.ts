import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { TwinError } from '../../twin-error.ts';
import { registerConsumer } from './consumer-operations.ts';
import type { KinesisStore } from './kinesis-store.ts';
import { updateShardCount } from './resharding.ts';
import type { Stream } from './stream.ts';
import { ON_DEMAND_SHARDS } from './stream-operations.ts';

interface StreamProperties {
  readonly MaxRecordSizeInKiB?: number | string;
  readonly RetentionPeriodHours?: number | string;
  readonly ShardCount?: number | string;
  readonly StreamEncryption?: { readonly KeyId?: string };
  readonly StreamModeDetails?: { readonly StreamMode?: string };
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly WarmThroughputMiBps?: number | string;
}

/** Creates the streams and consumers that the templates declare, and brings those that are there up to date. */
export function provisionStreams(
  resources: readonly ResolvedResource[],
  store: KinesisStore,
  nowMs: () => number,
): void {
  for (const resource of resources) {
    if (resource.type === 'AWS::Kinesis::Stream') provisionStream(resource, store, nowMs);
  }
  for (const resource of resources) {
    if (resource.type === 'AWS::Kinesis::StreamConsumer') provisionConsumer(resource, store, nowMs);
  }
}

function provisionStream(
  { logicalId, physicalId, properties }: ResolvedResource,
  store: KinesisStore,
  nowMs: () => number,
): void {
  const { StreamModeDetails, StreamEncryption, ...given } = properties as StreamProperties;
  const isOnDemand = StreamModeDetails?.StreamMode === 'ON_DEMAND';
  const warm = Number(given.WarmThroughputMiBps ?? 0);
  const shardCount = isOnDemand ? Math.max(ON_DEMAND_SHARDS, warm) : Number(given.ShardCount ?? 1);
  const retentionHours = Number(given.RetentionPeriodHours ?? 24);
  const maxRecordKiB = Number(given.MaxRecordSizeInKiB ?? 1_024);
  const stream = store.has(physicalId)
    ? store.stream(physicalId)
    : store.create(physicalId, { isOnDemand, shardCount, retentionHours, maxRecordKiB });
  const { state } = stream;
  const hasOtherCount = !isOnDemand && !state.isOnDemand && stream.open.length !== shardCount;
  Object.assign(state, { isOnDemand, retentionHours, maxRecordKiB, encryptionKeyId: StreamEncryption?.KeyId });
  Object.assign(state.tags, Object.fromEntries((given.Tags ?? []).map(({ Key, Value }) => [Key, Value])));
  store.changed(stream);
  if (hasOtherCount) scale(logicalId, stream, shardCount, store, nowMs());
}

function scale(logicalId: string, stream: Stream, shardCount: number, store: KinesisStore, nowMs: number): void {
  try {
    updateShardCount(stream.state, shardCount, nowMs, () => store.nextOrdinal());
  } catch (cause) {
    // CloudFormation fails so, too: it changes ShardCount by UpdateShardCount.
    throw new TwinError('shard-count', `stream '${logicalId}': ${(cause as Error).message}`, { cause });
  }
  store.resharded(stream);
}

function provisionConsumer(
  { physicalId: arn, properties }: ResolvedResource,
  store: KinesisStore,
  nowMs: () => number,
): void {
  const { ConsumerName: name, StreamARN } = properties as { readonly ConsumerName: string; readonly StreamARN: string };
  const stream = store.stream(StreamARN);
  if (stream.state.consumers.some((known) => known.arn === arn)) return;
  registerConsumer(store, stream, { name, arn, createdMs: nowMs() });
}
