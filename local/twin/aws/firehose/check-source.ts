import { TwinError } from '../../twin-error.ts';
import { AwsError } from '../aws-error.ts';
import type { CallAws } from '../dispatcher.ts';
import { firehoseAs } from './delivery.ts';
import type { DeliverySpec } from './delivery-spec.ts';

/**
 * Reads the source once in the way in which Firehose does, as its role: DescribeStream, ListShards, GetShardIterator,
 * GetRecords.
 *
 * @throws TwinError where the role may not, does not trust Firehose, or there is no such stream.
 */
export async function checkSource({ logicalId, arn, source }: DeliverySpec, callAws: CallAws): Promise<void> {
  if (!source) return;
  const { streamArn: StreamARN, roleArn } = source;
  const call = (operation: string, input: Record<string, unknown>) =>
    callAws('kinesis', operation, input, firehoseAs(roleArn, arn));
  try {
    await call('DescribeStream', { StreamARN });
    const { Shards } = (await call('ListShards', { StreamARN })) as { Shards: { readonly ShardId: string }[] };
    const ShardId = Shards.at(-1)?.ShardId;
    const iterator = await call('GetShardIterator', { StreamARN, ShardId, ShardIteratorType: 'LATEST' });
    await call('GetRecords', { StreamARN, ShardIterator: iterator.ShardIterator, Limit: 1 });
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    // Others read as well, and as much as they may: that is no reason to refuse.
    if (cause.type === 'ProvisionedThroughputExceededException') return;
    throw new TwinError(
      'delivery-source',
      `delivery stream '${logicalId}' cannot read ${StreamARN}: ${cause.message}`,
      {
        cause,
      },
    );
  }
}
