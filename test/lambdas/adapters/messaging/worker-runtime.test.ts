import { describe, expect, it } from 'vitest';
import {
  createQueueWorkerRuntime,
  createStreamWorkerRuntime,
} from '../../../../lambdas/adapters/messaging/worker-runtime.ts';
import { Env } from '../../../../lambdas/contract/environment.ts';

const spec = {
  name: 'video',
  queueUrl: 'https://sqs/work',
  deadLetterUrl: 'https://sqs/dead',
  attempts: 5,
  retryBaseSeconds: 10,
  retryCapSeconds: 600,
  isFifo: false,
};

describe('createQueueWorkerRuntime', () => {
  it('reads how the queue is treated', () => {
    const runtime = createQueueWorkerRuntime({ [Env.WORKER]: JSON.stringify(spec), AWS_REGION: 'eu-west-1' });
    expect(runtime.spec).toEqual(spec);
  });

  it.each([
    ['missing', undefined, 'environment variable SPILLWAY_WORKER is missing'],
    ['no JSON', '{', /^environment variable SPILLWAY_WORKER: Invalid JSON/],
    [
      'incomplete',
      JSON.stringify({ ...spec, attempts: undefined }),
      /^environment variable SPILLWAY_WORKER, at attempts/,
    ],
  ])('fails where the variable is %s', (_case, value, message) => {
    expect(() => createQueueWorkerRuntime({ [Env.WORKER]: value })).toThrow(message);
  });
});

describe('createStreamWorkerRuntime', () => {
  it('runs on the machine’s clock and timers', async () => {
    const { clock, setTimer } = createStreamWorkerRuntime({});
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(60_000);
    await new Promise<void>((resolve) => setTimer(0, resolve));
  });
});
