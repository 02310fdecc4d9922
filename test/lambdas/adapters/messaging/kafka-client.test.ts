import { describe, expect, it } from 'vitest';
import { readEnvironmentTopic } from '../../../../lambdas/adapters/messaging/kafka-client.ts';
import { Env } from '../../../../lambdas/contract/environment.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const environment = {
  [Env.EVENT_TOPIC]: JSON.stringify({ brokers: 'boot-1:9098,boot-2:9098', topic: 'events' }),
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
};

describe('readEnvironmentTopic', () => {
  it('speaks TLS, signs a token for each connection at its time, and waits for nobody long', async () => {
    const clock = new ManualClock(Date.UTC(2026, 10, 1));
    const { topic, options } = readEnvironmentTopic(environment, clock);
    expect(topic).toBe('events');
    expect(options).toMatchObject({ bootstrapBrokers: ['boot-1:9098', 'boot-2:9098'], tls: {}, retries: 0 });
    expect(Math.max(options.connectTimeout ?? Infinity, options.requestTimeout ?? Infinity)).toBeLessThanOrEqual(5_000);
    const { token } = options.sasl as { readonly token: () => Promise<string> };
    const [first] = [await token()];
    clock.advance(60_000);
    expect(await token()).not.toBe(first);
  });

  it.each([
    ['the topic', Env.EVENT_TOPIC, undefined, 'environment variable SPILLWAY_EVENT_TOPIC is missing'],
    ['the Region', 'AWS_REGION', undefined, 'environment variable AWS_REGION is missing'],
    ['a name for the topic', Env.EVENT_TOPIC, '{"brokers":"b:1","topic":""}', /SPILLWAY_EVENT_TOPIC, at topic/],
  ])('fails without %s', (_what, name, value, message) => {
    expect(() => readEnvironmentTopic({ ...environment, [name]: value }, new ManualClock())).toThrow(message);
  });
});
