import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { FeedUpdated } from '../contract/events/feed-updated.ts';
import { awsClientOptions } from './aws-client-options.ts';

export interface EventStream {
  /** Puts an event. Events with one partition key keep their order. Rejects once the SDK's attempts are used up. */
  put(event: FeedUpdated, partitionKey: string): Promise<void>;
}

export function createEventStream(client: KinesisClient, streamName: string): EventStream {
  return {
    async put(event, partitionKey) {
      await client.send(
        new PutRecordCommand({
          StreamName: streamName,
          PartitionKey: partitionKey,
          Data: Buffer.from(JSON.stringify(event)),
        }),
      );
    },
  };
}

/** The Kinesis client of one Lambda environment. */
export function createKinesisClient(): KinesisClient {
  return new KinesisClient(awsClientOptions());
}
