import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import type { Post } from '../contract/feed.ts';
import { Tables } from '../contract/tables.ts';

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

export interface PostsTable {
  put(post: Post): Promise<void>;
  remove(post: Pick<Post, 'id' | 'authorId'>): Promise<void>;
  /** Newest first. */
  newestOf(authorId: string, query: PostsQuery): Promise<Post[]>;
}

export function createPostsTable(client: DynamoDBDocumentClient, tableName: string): PostsTable {
  return {
    async put({ id, authorId, text, createdAt }) {
      await client.send(
        new PutCommand({ TableName: tableName, Item: { [AUTHOR]: authorId, [POST]: id, text, createdAt } }),
      );
    },
    async remove({ id, authorId }) {
      await client.send(new DeleteCommand({ TableName: tableName, Key: { [AUTHOR]: authorId, [POST]: id } }));
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
      return Items.map((item) => {
        const { postId, ...rest } = v.parse(StoredPost, item);
        return { id: postId, ...rest };
      });
    },
  };
}
