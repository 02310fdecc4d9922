import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stubFunctionEnvironment } from '../../../support/function-environment.ts';

describe('signing key rotation handler', () => {
  beforeAll(() => stubFunctionEnvironment());
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it('starts from its environment alone, and fails for what is no rotation event', async () => {
    const { handler } = await import('../../../../lambdas/workers/rotate-signing-key/handler.ts');
    await expect(handler({ Step: 'createSecret' })).rejects.toThrow(/"SecretId"/);
  });
});
