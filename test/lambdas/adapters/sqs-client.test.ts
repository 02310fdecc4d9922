import { describe, expect, it } from 'vitest';
import { createSqsClient } from '../../../lambdas/adapters/sqs-client.ts';

describe('createSqsClient', () => {
  it('goes to the endpoint of the service, whatever host the queue’s URL names', async () => {
    expect(await createSqsClient().config.useQueueUrlAsEndpoint).toBe(false);
  });

  it('makes as many attempts as are asked for', async () => {
    expect(await createSqsClient().config.maxAttempts()).toBe(3);
    expect(await createSqsClient({ maxAttempts: 1 }).config.maxAttempts()).toBe(1);
  });
});
