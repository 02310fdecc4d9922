import type { AwsService } from '../aws-call.ts';
import { consumerOperations } from './consumer-operations.ts';
import type { KinesisStore } from './kinesis-store.ts';
import { recordOperations } from './record-operations.ts';
import { shardOperations } from './shard-operations.ts';
import { streamOperations } from './stream-operations.ts';
import { tagAndPolicyOperations } from './tag-and-policy-operations.ts';

/** Kinesis Data Streams, API version 2013-12-02. Limits: developer guide, "Quotas and limits". */
export function kinesisService(store: KinesisStore, nowMs: () => number): AwsService {
  return {
    ...recordOperations(store, nowMs),
    ...streamOperations(store),
    ...shardOperations(store, nowMs),
    ...consumerOperations(store, nowMs),
    ...tagAndPolicyOperations(store),
  };
}
