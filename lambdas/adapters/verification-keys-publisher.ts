import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Tables } from '../contract/tables.ts';
import type { KeySource, PublishedKey } from './key-source.ts';
import { createVerificationKeys } from './verification-keys.ts';

const { partitionKey: KID, ttl: TTL } = Tables.verificationKeys;

/** The public keys as the rotation sees them. Loading may show some past their expiry: DynamoDB deletes late. */
export interface VerificationKeysPublisher extends KeySource {
  /** Adds a key that does not expire, unless it is there already. */
  publish(key: Pick<PublishedKey, 'kid' | 'jwk'>): Promise<void>;
  /** Sets when a key ends, in seconds since the epoch, unless that was set before. */
  expire(kid: string, expiresAtSeconds: number): Promise<void>;
}

export function createVerificationKeysPublisher(
  client: DynamoDBDocumentClient,
  tableName: string,
): VerificationKeysPublisher {
  return {
    ...createVerificationKeys(client, tableName),
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
    async expire(kid, expiresAtSeconds) {
      try {
        await client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { [KID]: kid },
            UpdateExpression: 'SET #ttl = if_not_exists(#ttl, :at)',
            // An update would otherwise create an empty item for a key that has just been deleted.
            ConditionExpression: 'attribute_exists(#kid)',
            ExpressionAttributeNames: { '#kid': KID, '#ttl': TTL },
            ExpressionAttributeValues: { ':at': expiresAtSeconds },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
