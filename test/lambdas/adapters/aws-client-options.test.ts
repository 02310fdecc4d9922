import { describe, expect, it } from 'vitest';
import { awsClientOptions } from '../../../lambdas/adapters/aws-client-options.ts';

describe('awsClientOptions', () => {
  it('says how often to try, and speaks HTTP/1.1', () => {
    const { retryMode, maxAttempts, requestHandler } = awsClientOptions();
    expect({ retryMode, maxAttempts }).toEqual({ retryMode: 'standard', maxAttempts: 3 });
    expect(requestHandler.metadata.handlerProtocol).toBe('http/1.1');
  });

  it('leaves retries to whoever makes them already', () => {
    expect(awsClientOptions({ maxAttempts: 1 }).maxAttempts).toBe(1);
  });
});
