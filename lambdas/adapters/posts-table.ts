import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { FeedUpdated } from '../contract/events/feed-updated.ts';
import type { Post } from '../contract/feed.ts';
import { Tables } from '../contract/tables.ts';
import type { Outbox, TransactionItem } from './outbox.ts';

const { partitionKey: AUTHOR, sortKey: POST } = Tables.posts;

const StoredPost = v.object({ authorId: v.string(), postId: v.string(), text: v.string(), createdAt: v.string() });

/** Which posts of one author to read. */
export interface PostsQuery {
  /** Only posts with a smaller id, which is to say older ones. */
  readonly before?: string | undefined;
  /** At most this many. */
  readonly maxItems: number;
  /** Whether posts written just now must be seen; costs twice as much. By default they may lag by a moment. */
  readonly consistent?: boolean;
}

/** A post and what goes with it, all of it or nothing. */
export interface PostToPublish {
  readonly post: Post;
  /** Tells of it. Its id names the effect: once it is in the outbox, no other post is published under it. */
  readonly event: FeedUpdated;
  /** Further writes of the same transaction. */
  readonly alongside: readonly TransactionItem[];
}

export interface PostsTable {
  /**
   * Writes the post and puts its event into the outbox, and answers undefined; or, where the event is there already, writes
   * nothing and answers the post that it tells of. Rejects where nothing was written, or where nobody knows.
   */
  publish(published: PostToPublish): Promise<Post | undefined>;
  /** Newest first. */
  newestOf(authorId: string, query: PostsQuery): Promise<Post[]>;
}

export function createPostsTable(
  client: DynamoDBDocumentClient,
  tableName: string,
  outbox: Pick<Outbox, 'event'>,
): PostsTable {
  return {
    async publish({ post, event, alongside }) {
      const { id, authorId, text, createdAt } = post;
      try {
        await client.send(
          new TransactWriteCommand({
            TransactItems: [
              { Put: { ...outbox.event(event).Put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as OutboxPut },
              { Put: { TableName: tableName, Item: { [AUTHOR]: authorId, [POST]: id, text, createdAt } } },
              ...alongside,
            ],
          }),
        );
        return undefined;
      } catch (error) {
        const earlier = earlierEvent(error);
        if (earlier === undefined) throw error;
        const { postId } = earlier.data;
        const { Items: [item] = [] } = await client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: '#author = :author AND #post = :post',
            ExpressionAttributeNames: { '#author': AUTHOR, '#post': POST },
            ExpressionAttributeValues: { ':author': authorId, ':post': postId },
            ConsistentRead: true,
          }),
        );
        return toPost(item);
      }
    },
    // One query suffices: a page of the longest posts is some 300 KB, and DynamoDB cuts an answer at 1 MB.
    async newestOf(authorId, { before, maxItems, consistent = false }) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: before === undefined ? '#author = :author' : '#author = :author AND #post < :before',
          ExpressionAttributeNames: { '#author': AUTHOR, ...(before !== undefined && { '#post': POST }) },
          ExpressionAttributeValues: { ':author': authorId, ...(before !== undefined && { ':before': before }) },
          ScanIndexForward: false,
          ConsistentRead: consistent,
          Limit: maxItems,
        }),
      );
      return Items.map(toPost);
    },
  };
}

type OutboxPut = NonNullable<TransactionItem['Put']>;

function toPost(item: unknown): Post {
  const { postId, ...rest } = v.parse(StoredPost, item);
  return { id: postId, ...rest };
}

/** An error's items are as DynamoDB spells them, also from the document client. */
const EarlierEntry = v.object({ body: v.object({ S: v.pipe(v.string(), v.parseJson(), FeedUpdated) }) });

/** The event that was in the outbox already, if this is what the transaction was cancelled for. */
function earlierEvent(error: unknown): FeedUpdated | undefined {
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const [reason] = error.CancellationReasons ?? [];
  return reason?.Code === 'ConditionalCheckFailed' ? v.parse(EarlierEntry, reason.Item).body.S : undefined;
}
