import { describe, expect, it } from 'vitest';
import { readRabbitEvent } from '../../../../lambdas/middleware/workers/rabbitmq-event.ts';
import { rabbitEvent, recordedRabbitEvent } from '../../../support/recorded-events.ts';

const attempts = (headers: Parameters<typeof rabbitEvent>[0]['headers'], redelivered = false) =>
  readRabbitEvent(rabbitEvent({ messageId: 'm', headers: headers ?? null, redelivered, body: '{}' }))[0]?.attempt;

describe('an event of RabbitMQ', () => {
  it('is read as recorded, with a name of its own for a message that has none', () => {
    const [message, ...others] = readRabbitEvent(recordedRabbitEvent());
    expect(others).toEqual([]);
    expect(message).toEqual({
      messageId: expect.stringMatching(/^[0-9a-f]{32}$/),
      body: '{"timeout":0,"data":"CZrmf0Gw8Ov4bqLQxD4E"}',
      attempt: 1,
    });
    expect(readRabbitEvent(recordedRabbitEvent())[0]?.messageId).toBe(message?.messageId);
  });

  it('has the messages of all queues in their order', () => {
    const event = rabbitEvent({ messageId: 'a', body: '1' }, { messageId: 'b', body: '2' });
    const two = {
      ...event,
      rmqMessagesByQueue: { ...event.rmqMessagesByQueue, 'other::/': event.rmqMessagesByQueue['video::/'] ?? [] },
    };
    expect(readRabbitEvent(two).map(({ messageId }) => messageId)).toEqual(['a', 'b', 'a', 'b']);
  });

  it.each([
    ['nothing said', null, false, 1],
    ['sent back twice', { 'spillway-attempts': 2 }, false, 3],
    ['delivered again by the broker', { 'x-delivery-count': 3 }, true, 4],
    ['both', { 'spillway-attempts': 2, 'x-delivery-count': 1 }, true, 4],
    ['delivered again by a queue that does not count', {}, true, 2],
  ])('counts attempts: %s', (_, headers, redelivered, attempt) => {
    expect(attempts(headers, redelivered)).toBe(attempt);
  });

  it.each([-1, 1.5, Number.NaN, { bytes: [50] }, null, '2', 1e300])('counts nothing for the header %j', (value) => {
    expect(attempts({ 'spillway-attempts': value as number })).toBe(1);
  });
});
