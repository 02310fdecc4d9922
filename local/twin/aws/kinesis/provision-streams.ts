import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import type { KinesisStore } from './kinesis-store.ts';

interface StreamProperties {
  readonly RetentionPeriodHours?: number | string;
  readonly ShardCount?: number | string;
  readonly StreamModeDetails?: { readonly StreamMode?: string };
}

/** An on-demand stream starts with four shards in AWS, and stays so here. */
const ON_DEMAND_SHARDS = 4;

/** Creates the streams that the templates declare and that are not there yet. */
export function provisionStreams(resources: readonly ResolvedResource[], store: KinesisStore): void {
  for (const { type, physicalId, properties } of resources) {
    if (type !== 'AWS::Kinesis::Stream' || store.streams().some(({ name }) => name === physicalId)) continue;
    const { RetentionPeriodHours, ShardCount, StreamModeDetails } = properties as StreamProperties;
    const isOnDemand = StreamModeDetails?.StreamMode === 'ON_DEMAND';
    store.create(physicalId, {
      isOnDemand,
      shardCount: isOnDemand ? ON_DEMAND_SHARDS : Number(ShardCount ?? 1),
      retentionHours: Number(RetentionPeriodHours ?? 24),
    });
  }
}
