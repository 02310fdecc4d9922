import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declarationsOf, RETRY_TIERS_SECONDS, retryQueueName } from '../../../lambdas/contract/rabbitmq-queues.ts';

describe('queues of work on RabbitMQ', () => {
  const declarations = declarationsOf({ name: 'video', attempts: 5 });
  const named = new Map(declarations.map(({ queue, arguments: args }) => [queue, args]));

  it('are replicated, all of them', () => {
    expect(declarations.map(({ arguments: args }) => args['x-queue-type'])).toEqual(declarations.map(() => 'quorum'));
  });

  it('forward at least once, to queues that are declared before them', () => {
    for (const [place, { arguments: args }] of declarations.entries()) {
      const target = args['x-dead-letter-routing-key'];
      if (target === undefined) continue;
      expect(args).toMatchObject({ 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' });
      expect(declarations.slice(0, place).map(({ queue }) => queue)).toContain(target);
    }
  });

  it('lead from retries to work and from work to the dead letters, which lead nowhere and are kept for two weeks', () => {
    expect(named.get('video.retry.64')).toMatchObject({ 'x-dead-letter-routing-key': 'video' });
    expect(named.get('video')).toMatchObject({ 'x-dead-letter-routing-key': 'video.dead' });
    expect(named.get('video.dead')).toEqual({ 'x-queue-type': 'quorum', 'x-message-ttl': 1_209_600_000 });
  });

  it('have the broker set aside what outlives the attempts', () => {
    expect(named.get('video')?.['x-delivery-limit']).toBe(8);
  });

  it('have one for each delay up to an hour, in which no message waits for more than four times its own', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_600 }), (seconds) => {
        const queue = retryQueueName('video', seconds);
        expect(named.has(queue)).toBe(true);
        const tier = Number(queue.split('.').at(-1));
        expect(tier).toBeGreaterThanOrEqual(seconds);
        expect(tier).toBeLessThan(Math.max(2, 4 * seconds));
      }),
    );
  });

  it.each([4_097, Number.POSITIVE_INFINITY, Number.NaN])('fails for a delay of %s seconds', (seconds) => {
    expect(() => retryQueueName('video', seconds)).toThrow(`a message waits for 4096 s at most, got ${seconds}`);
    expect(RETRY_TIERS_SECONDS.at(-1)).toBe(4_096);
  });
});
