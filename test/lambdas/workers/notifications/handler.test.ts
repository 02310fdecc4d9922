import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stubFunctionEnvironment } from '../../../support/function-environment.ts';
import { lambdaContext } from '../../../support/proxy-event.ts';
import { kinesisEvent, kinesisRecord } from '../../../support/worker-events.ts';

const other = { specversion: '1.0', type: 'SomethingElse' };

describe('notifications worker handler', () => {
  beforeAll(() => stubFunctionEnvironment());
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it('starts from its environment alone and handles a batch', async () => {
    const { handler } = await import('../../../../lambdas/workers/notifications/handler.ts');
    expect(await handler(kinesisEvent(kinesisRecord(1, other)), lambdaContext())).toEqual({ batchItemFailures: [] });
  });
});
