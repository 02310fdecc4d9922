import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { awsClientOptions } from '../aws-client-options.ts';
import type { EventEntry } from './event-entry.ts';
import { type Publisher, type PublisherTiming, publishInOrder } from './publish-in-order.ts';

/** Limits of PutRecords; it takes more bytes since 2025, but not in all Regions. */
const LIMITS = { maxEntries: 500, maxBytes: 5 * 1_048_576 };
/** Each call holds at most one event of an aggregate, so calls of few events are common. */
const CALLS_AT_A_TIME = 4;

/**
 * Publishes to a Kinesis stream. PutRecords keeps no order among the records of a call, since each may fail by itself; so
 * there is one event of an aggregate in flight at most.
 */
export function createKinesisEventPublisher(
  client: KinesisClient,
  streamName: string,
  timing: PublisherTiming,
): Publisher<EventEntry> {
  return {
    publish(entries, signal) {
      const backlog = entries.map(({ aggregate, body }) => ({
        key: aggregate,
        bytes: Buffer.byteLength(aggregate) + Buffer.byteLength(body),
      }));
      const records = entries.map(({ aggregate, body }) => ({ PartitionKey: aggregate, Data: Buffer.from(body) }));
      return publishInOrder(
        backlog,
        {
          ...timing,
          limits: LIMITS,
          concurrency: CALLS_AT_A_TIME,
          send: async (indices, abortSignal) => {
            const { Records = [] } = await client.send(
              new PutRecordsCommand({
                StreamName: streamName,
                Records: indices.flatMap((index) => records[index] ?? []),
              }),
              { abortSignal },
            );
            // Taken is what has a sequence number: an entry that the answer says nothing of may not have been.
            return new Map(
              indices.flatMap((index, place) => {
                const { SequenceNumber, ErrorCode, ErrorMessage } = Records[place] ?? {};
                if (SequenceNumber !== undefined && ErrorCode === undefined) return [];
                return [[index, `${ErrorCode ?? 'no answer'}: ${ErrorMessage ?? ''}`] as const];
              }),
            );
          },
        },
        signal,
      );
    },
  };
}

/** The Kinesis client of one Lambda environment. Its calls are made again by the publisher, which knows the time left. */
export function createKinesisClient(): KinesisClient {
  return new KinesisClient(awsClientOptions({ maxAttempts: 1 }));
}
