import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerificationKeysPublisher } from '../../../lambdas/adapters/verification-keys-publisher.ts';
import { type LocalDynamoDb, startLocalDynamoDb } from '../../support/local-dynamodb.ts';

const jwk = (kid: string) => ({ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid });

describe('verification keys publisher', () => {
  let database: LocalDynamoDb;
  beforeAll(async () => {
    database = await startLocalDynamoDb();
  });
  afterAll(() => database.close());

  it('publishes keys without an end, and keeps the first end that a key is given', async () => {
    const keys = createVerificationKeysPublisher(database.client, 'verificationKeys');
    await keys.publish({ kid: 'a', jwk: jwk('a') });
    expect(await keys.load()).toEqual([{ kid: 'a', jwk: jwk('a') }]);
    await keys.expire('a', 100);
    await keys.expire('a', 200);
    await keys.publish({ kid: 'a', jwk: jwk('a') });
    expect(await keys.load()).toEqual([{ kid: 'a', jwk: jwk('a'), expiresAtSeconds: 100 }]);
    await keys.expire('deleted', 100);
    expect(await keys.load()).toHaveLength(1);
  });
});
