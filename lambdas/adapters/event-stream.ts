import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { FeedUpdated } from '../contract/events.ts';
import { awsClientOptions } from './aws-client-options.ts';

export interface EventStream {
  /** Puts an event. Events with one partition key keep their order. Rejects once the SDK's attempts are used up. */
  put(event: FeedUpdated, partitionKey: string): Promise<void>;
}

/** `stream` is the name or the ARN of a Kinesis stream. */
export function createEventStream(client: KinesisClient, stream: string): EventStream {
  const target = stream.startsWith('arn:') ? { StreamARN: stream } : { StreamName: stream };
  return {
    async put(event, partitionKey) {
      await client.send(
        new PutRecordCommand({ ...target, PartitionKey: partitionKey, Data: Buffer.from(JSON.stringify(event)) }),
      );
    },
  };
}

/** The Kinesis client of one Lambda environment. */
export function createKinesisClient(): KinesisClient {
  return new KinesisClient(awsClientOptions());
}
