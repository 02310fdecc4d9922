import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { Tables } from '../contract/tables.ts';

const { partitionKey: KEY, ttl: TTL } = Tables.sessions;

const Session = v.object({
  /** One family is one login: the chain of refresh tokens that descend from it. */
  familyId: v.string(),
  userId: v.string(),
  /** Key of the account. */
  email: v.string(),
  /** SHA-256 of the secret of the only refresh token that is valid now, in hex. */
  secretHash: v.string(),
  /** ISO 8601. */
  createdAt: v.string(),
  /** End of the whole family in seconds since the epoch. DynamoDB deletes days later, so readers check it. */
  expiresAt: v.number(),
  /** ISO 8601; present once the family is revoked. */
  revokedAt: v.optional(v.string()),
});
export type Session = v.InferOutput<typeof Session>;

export interface SessionsTable {
  create(session: Session): Promise<void>;
  find(familyId: string): Promise<Session | undefined>;
  /**
   * Replaces the hash, provided that the family is alive at `nowSeconds` and `fromHash` is still the valid one: of any
   * number of concurrent calls with one `fromHash`, exactly one returns true.
   */
  rotate(rotation: { familyId: string; fromHash: string; toHash: string; nowSeconds: number }): Promise<boolean>;
  /** Ends the family. `revokedAt` is ISO 8601. */
  revoke(familyId: string, revokedAt: string): Promise<void>;
}

export function createSessionsTable(client: DynamoDBDocumentClient, tableName: string): SessionsTable {
  const find = async (familyId: string): Promise<Session | undefined> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: { [KEY]: familyId }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : v.parse(Session, Item);
  };
  return {
    find,
    async create(session) {
      await client.send(new PutCommand({ TableName: tableName, Item: session }));
    },
    async rotate({ familyId, fromHash, toHash, nowSeconds }) {
      try {
        await client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { [KEY]: familyId },
            UpdateExpression: 'SET secretHash = :to',
            ConditionExpression: 'secretHash = :from AND attribute_not_exists(revokedAt) AND #ttl > :now',
            ExpressionAttributeNames: { '#ttl': TTL },
            ExpressionAttributeValues: { ':from': fromHash, ':to': toHash, ':now': nowSeconds },
          }),
        );
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // Our own first attempt may have been written and its answer lost. Nobody else knows `toHash`.
        const session = await find(familyId);
        return session?.secretHash === toHash && session.revokedAt === undefined;
      }
    },
    async revoke(familyId, revokedAt) {
      try {
        await client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { [KEY]: familyId },
            UpdateExpression: 'SET revokedAt = if_not_exists(revokedAt, :at)',
            // An update would otherwise create a family that has already expired and been deleted.
            ConditionExpression: 'attribute_exists(#key)',
            ExpressionAttributeNames: { '#key': KEY },
            ExpressionAttributeValues: { ':at': revokedAt },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
