import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Twin } from '../../local/twin/twin.ts';
import { physicalId } from './aws-of-twin.ts';

/** The streams of a twin, by the SDK, which takes HTTP/2 for Kinesis where nobody says otherwise. */
export function kinesisClientOf(twin: Twin): KinesisClient {
  return new KinesisClient({
    endpoint: twin.awsEndpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: new NodeHttpHandler(),
  });
}

export function eventStreamOf(twin: Twin): string {
  return physicalId(twin, 'AWS::Kinesis::Stream', 'Events');
}

/** All records of the event stream, as Lambda hands them to functions. */
export async function recordsOfEventStream(twin: Twin): Promise<object[]> {
  const kinesis = kinesisClientOf(twin);
  const StreamName = eventStreamOf(twin);
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  const shards = await Promise.all(
    Shards.map(async ({ ShardId }) => {
      const { ShardIterator } = await kinesis.send(
        new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      return Records.map((record) => ({
        eventSource: 'aws:kinesis',
        eventID: `${ShardId}:${record.SequenceNumber}`,
        kinesis: {
          partitionKey: record.PartitionKey,
          sequenceNumber: record.SequenceNumber,
          data: Buffer.from(record.Data ?? []).toString('base64'),
        },
      }));
    }),
  );
  return shards.flat();
}
