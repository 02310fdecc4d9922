import { describe, expect, it } from 'vitest';
import {
  createEnvironmentRabbit,
  createRabbitWorkerRuntime,
} from '../../../../lambdas/adapters/messaging/environment-rabbitmq.ts';
import { Env } from '../../../../lambdas/contract/environment.ts';

const broker = { url: 'amqps://broker:5671', secretId: 'arn:secret', queues: ['video'] };
const worker = {
  name: 'video',
  queueUrl: 'video',
  deadLetterUrl: 'video.dead',
  attempts: 5,
  retryBaseSeconds: 10,
  retryCapSeconds: 900,
  isFifo: false,
};
const environment = (parts: { readonly broker?: object; readonly worker?: object } = {}) => ({
  [Env.WORK_BROKER]: JSON.stringify({ ...broker, ...parts.broker }),
  [Env.WORKER]: JSON.stringify({ ...worker, ...parts.worker }),
  AWS_REGION: 'eu-central-1',
});

describe('createRabbitWorkerRuntime', () => {
  it('reads how the queue is treated, and connects to nobody yet', () => {
    expect(createRabbitWorkerRuntime(environment()).spec).toEqual(worker);
  });

  it('fails for work that the broker has no queue for', () => {
    const parts = { broker: { queues: ['activity'] } };
    expect(() => createRabbitWorkerRuntime(environment(parts))).toThrow(
      "SPILLWAY_WORKER: the broker has no queue 'video'",
    );
  });
});

describe('createEnvironmentRabbit', () => {
  it('reads the broker', () => {
    expect(createEnvironmentRabbit(environment()).spec).toEqual(broker);
  });

  it.each([
    ['missing', {}, 'environment variable SPILLWAY_WORK_BROKER is missing'],
    ['of HTTP', environment({ broker: { url: 'https://broker' } }), /SPILLWAY_WORK_BROKER, at url/],
    ['without a secret', environment({ broker: { secretId: '' } }), /SPILLWAY_WORK_BROKER, at secretId/],
    ['of unknown work', environment({ broker: { queues: ['audio'] } }), /SPILLWAY_WORK_BROKER, at queues/],
  ])('fails where the variable is %s', (_case, variables, message) => {
    expect(() => createEnvironmentRabbit(variables)).toThrow(message);
  });
});
