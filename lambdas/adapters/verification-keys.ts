import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { PublicJwk } from '../contract/identity.ts';
import type { KeySource, PublishedKey } from './key-source.ts';

const VerificationKeyItem = v.object({ kid: v.string(), jwk: PublicJwk, expiresAt: v.optional(v.number()) });

/** Our own public keys. The table has a handful of items: the current key and those that were current a while ago. */
export function createVerificationKeys(client: DynamoDBDocumentClient, tableName: string): KeySource {
  return {
    async load() {
      const keys: PublishedKey[] = [];
      // Consistent, since a key is published only moments before tokens are signed with it.
      for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName, ConsistentRead: true })) {
        for (const item of Items) {
          const { kid, jwk, expiresAt } = v.parse(VerificationKeyItem, item);
          keys.push({ kid, jwk, expiresAtSeconds: expiresAt });
        }
      }
      return keys;
    },
  };
}
