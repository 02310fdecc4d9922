import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { FOLLOWS_MAX } from '../contract/feed.ts';
import { Tables } from '../contract/tables.ts';

const { partitionKey: FOLLOWER, sortKey: FOLLOWEE, byFollowee } = Tables.follows;
const FOLLOWERS_PAGE_SIZE = 500;

const Followee = v.object({ followeeId: v.string() });
const Follower = v.object({ followerId: v.string() });

export interface FollowsTable {
  /** Idempotent. `createdAt` is ISO 8601. */
  put(follow: { followerId: string; followeeId: string; createdAt: string }): Promise<void>;
  /** Idempotent. */
  remove(follow: { followerId: string; followeeId: string }): Promise<void>;
  /** Everyone that somebody follows; read consistently, unless `consistent` is false. */
  followeesOf(followerId: string, options?: { consistent?: boolean }): Promise<string[]>;
  /**
   * Everyone who follows somebody, a page at a time. The index lags behind the table by a moment (global indexes have
   * no consistent reads), so a follow made just before may be missing.
   */
  followersOf(followeeId: string, signal: AbortSignal): AsyncIterable<string[]>;
}

export function createFollowsTable(client: DynamoDBDocumentClient, tableName: string): FollowsTable {
  return {
    async put({ followerId, followeeId, createdAt }) {
      await client.send(
        new PutCommand({ TableName: tableName, Item: { [FOLLOWER]: followerId, [FOLLOWEE]: followeeId, createdAt } }),
      );
    },
    async remove({ followerId, followeeId }) {
      await client.send(
        new DeleteCommand({ TableName: tableName, Key: { [FOLLOWER]: followerId, [FOLLOWEE]: followeeId } }),
      );
    },
    async followeesOf(followerId, { consistent = true } = {}) {
      // FOLLOWS_MAX items of some 100 bytes are far below the 1 MB at which DynamoDB cuts an answer. Twice that many
      // leaves room for follows that concurrent requests added beyond the bound.
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: '#follower = :follower',
          ProjectionExpression: '#followee',
          ExpressionAttributeNames: { '#follower': FOLLOWER, '#followee': FOLLOWEE },
          ExpressionAttributeValues: { ':follower': followerId },
          ConsistentRead: consistent,
          Limit: 2 * FOLLOWS_MAX,
        }),
      );
      return Items.map((item) => v.parse(Followee, item).followeeId);
    },
    async *followersOf(followeeId, signal) {
      const pages = paginateQuery(
        { client, pageSize: FOLLOWERS_PAGE_SIZE },
        {
          TableName: tableName,
          IndexName: byFollowee.indexName,
          KeyConditionExpression: '#followee = :followee',
          ProjectionExpression: '#follower',
          ExpressionAttributeNames: { '#followee': byFollowee.partitionKey, '#follower': byFollowee.sortKey },
          ExpressionAttributeValues: { ':followee': followeeId },
        },
        { abortSignal: signal },
      );
      for await (const { Items = [] } of pages) yield Items.map((item) => v.parse(Follower, item).followerId);
    },
  };
}
