import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stubFunctionEnvironment } from '../../../support/function-environment.ts';
import { eventRecord } from '../../../support/outbox-records.ts';
import { lambdaContext } from '../../../support/proxy-event.ts';

describe('outbox relay handler', () => {
  beforeAll(() => stubFunctionEnvironment());
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it('starts from its environment alone and handles a batch', async () => {
    const { handler } = await import('../../../../lambdas/workers/outbox-relay/handler.ts');
    const expired = { ...eventRecord(1, 'ann', 'e1'), eventName: 'REMOVE' as const };
    expect(await handler({ Records: [expired] }, lambdaContext())).toEqual({ batchItemFailures: [] });
  });
});
