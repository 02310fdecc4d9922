import type { Callback, KinesisStreamEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stubFunctionEnvironment } from '../../../support/function-environment.ts';
import { lambdaContext } from '../../../support/proxy-event.ts';

const noCallback: Callback = () => {
  throw new Error('callbacks are gone in Node 24');
};
const data = Buffer.from(JSON.stringify({ specversion: '1.0', type: 'SomethingElse' })).toString('base64');
const event = { Records: [{ kinesis: { sequenceNumber: '1', partitionKey: 'ann', data } }] } as KinesisStreamEvent;

describe('notifications worker handler', () => {
  beforeAll(() => stubFunctionEnvironment());
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it('starts from its environment alone and handles a batch', async () => {
    const { handler } = await import('../../../../lambdas/workers/notifications/handler.ts');
    expect(await handler(event, lambdaContext(), noCallback)).toEqual({ batchItemFailures: [] });
  });
});
