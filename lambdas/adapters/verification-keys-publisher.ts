import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { PublicJwk } from '../contract/identity.ts';
import { Tables } from '../contract/tables.ts';

const { partitionKey: KID, ttl: TTL } = Tables.verificationKeys;

const VerificationKey = v.object({
  kid: v.string(),
  jwk: PublicJwk,
  /** Seconds since the epoch; absent while tokens may still be signed with the key. */
  expiresAt: v.optional(v.number()),
});
export type VerificationKey = v.InferOutput<typeof VerificationKey>;

/** The public keys as identity and the rotation see them: all of them, and writable. */
export interface VerificationKeysPublisher {
  /** All keys, read consistently; some may be past their expiry, since DynamoDB deletes late. */
  list(): Promise<VerificationKey[]>;
  /** Adds a key that does not expire, unless it is there already. */
  publish(key: { kid: string; jwk: VerificationKey['jwk'] }): Promise<void>;
  /** Sets when a key ends, in seconds since the epoch, unless that was set before. */
  expire(kid: string, expiresAt: number): Promise<void>;
}

export function createVerificationKeysPublisher(
  client: DynamoDBDocumentClient,
  tableName: string,
): VerificationKeysPublisher {
  return {
    async list() {
      const keys: VerificationKey[] = [];
      for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName, ConsistentRead: true })) {
        keys.push(...Items.map((item) => v.parse(VerificationKey, item)));
      }
      return keys;
    },
    async publish({ kid, jwk }) {
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: { [KID]: kid, jwk },
            ConditionExpression: 'attribute_not_exists(#kid)',
            ExpressionAttributeNames: { '#kid': KID },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
    async expire(kid, expiresAt) {
      try {
        await client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { [KID]: kid },
            UpdateExpression: 'SET #ttl = if_not_exists(#ttl, :at)',
            // An update would otherwise create an empty item for a key that has just been deleted.
            ConditionExpression: 'attribute_exists(#kid)',
            ExpressionAttributeNames: { '#kid': KID, '#ttl': TTL },
            ExpressionAttributeValues: { ':at': expiresAt },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
