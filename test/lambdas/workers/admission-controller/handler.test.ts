import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Env } from '../../../../lambdas/contract/environment.ts';
import { stubFunctionEnvironment } from '../../../support/function-environment.ts';

describe('admission controller handler', () => {
  beforeAll(() => {
    stubFunctionEnvironment();
    vi.stubEnv(Env.CONTROLLER, JSON.stringify({ shards: 1, signals: [] }));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it('starts from its environment alone, and fails while there is no store to tell', async () => {
    const { handler } = await import('../../../../lambdas/workers/admission-controller/handler.ts');
    await expect(handler()).rejects.toMatchObject({ code: 'store-unavailable' });
  });
});
