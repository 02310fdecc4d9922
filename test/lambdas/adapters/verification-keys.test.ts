import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerificationKeys } from '../../../lambdas/adapters/verification-keys.ts';
import { createVerificationKeysPublisher } from '../../../lambdas/adapters/verification-keys-publisher.ts';
import { type LocalDynamoDb, startLocalDynamoDb } from '../../support/local-dynamodb.ts';

const TABLE = 'verificationKeys';
const jwk = (kid: string) => ({ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid });

describe('createVerificationKeys', () => {
  let dynamo: LocalDynamoDb;

  beforeAll(async () => {
    dynamo = await startLocalDynamoDb();
  });
  afterAll(() => dynamo.close());

  it('gives what the rotation has published, with the ends of the old keys', async () => {
    const publisher = createVerificationKeysPublisher(dynamo.client, TABLE);
    await publisher.publish({ kid: 'new', jwk: jwk('new') });
    await publisher.publish({ kid: 'old', jwk: jwk('old') });
    await publisher.expire('old', 1_800_000_000);
    const keys = await createVerificationKeys(dynamo.client, TABLE).load();
    expect([...keys].sort((a, b) => a.kid.localeCompare(b.kid))).toEqual([
      { kid: 'new', jwk: jwk('new'), expiresAtSeconds: undefined },
      { kid: 'old', jwk: jwk('old'), expiresAtSeconds: 1_800_000_000 },
    ]);
  });

  it('fails for an item that is no key', async () => {
    await dynamo.client.send(new PutCommand({ TableName: TABLE, Item: { kid: 'broken' } }));
    await expect(createVerificationKeys(dynamo.client, TABLE).load()).rejects.toThrow('Invalid key: Expected "jwk"');
  });
});
