import { BatchProcessor, EventType as BatchType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import type { FollowsTable } from '../lambdas/adapters/follows-table.ts';
import { mapConcurrently } from '../lambdas/adapters/map-concurrently.ts';
import { notificationExpiry, notificationKey } from '../lambdas/adapters/notifications-table.ts';
import type { EventType } from '../lambdas/contract/events/domain-event.ts';
import { Tables } from '../lambdas/contract/tables.ts';
import { type EventOf, readEvent } from '../lambdas/middleware/workers/read-event.ts';

/** What a worker is to its event source, with all the time that it wants. */
export type BenchWorker = (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>;

const { partitionKey: RECIPIENT, sortKey: KEY, ttl: TTL } = Tables.notifications;
/** Half of the SDK's sockets, as the notifications worker had it before it wrote batches. */
const PUTS_IN_FLIGHT = 25;

/** What a worker would be without a runtime of its own. */
export function plainLoop<K extends EventType>(
  types: readonly K[],
  handle: (event: EventOf<K>, signal: AbortSignal) => Promise<void>,
): BenchWorker {
  const { signal } = new AbortController();
  return (event) =>
    processPartialResponse(
      event,
      async (each: KinesisStreamRecord) => {
        const domainEvent = readEvent(types, each.kinesis.data);
        if (domainEvent !== undefined) await handle(domainEvent, signal);
      },
      new BatchProcessor(BatchType.KinesisDataStreams),
      { processInParallel: false, throwOnFullBatchFailure: false },
    );
}

/** Notifies followers by a conditional put each. */
export function putForEachFollower(client: DynamoDBDocumentClient, tableName: string, follows: FollowsTable) {
  return async ({ id, type, data, time }: EventOf<'FeedUpdated'>, signal: AbortSignal): Promise<void> => {
    const { authorId, postId } = data;
    const notification = { id, type, authorId, postId, createdAt: new Date(time).toISOString() };
    const item = { ...notification, [KEY]: notificationKey(notification), [TTL]: notificationExpiry(notification) };
    for await (const followerIds of follows.followersOf(authorId, signal)) {
      await mapConcurrently(followerIds, PUTS_IN_FLIGHT, async (followerId) => {
        const put = new PutCommand({
          TableName: tableName,
          Item: { ...item, [RECIPIENT]: followerId },
          ConditionExpression: 'attribute_not_exists(#key)',
          ExpressionAttributeNames: { '#key': KEY },
        });
        await client.send(put).catch((error: unknown) => {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        });
      });
    }
  };
}
