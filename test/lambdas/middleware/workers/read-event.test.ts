import { describe, expect, it } from 'vitest';
import { readEvent } from '../../../../lambdas/middleware/workers/read-event.ts';
import { feedUpdated } from '../../../support/worker-events.ts';

const event = feedUpdated('e1');
const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');

describe('readEvent', () => {
  it('reads an event of a type that was asked for', () => {
    expect(readEvent(['VideoProcessed', 'FeedUpdated'], encode(event))).toEqual(event);
  });

  it('has no interest in another type, whatever its data, nor in one that is known and was not asked for', () => {
    expect(
      readEvent(['FeedUpdated'], encode({ specversion: '1.0', type: 'PaymentSettled', data: 42 })),
    ).toBeUndefined();
    expect(readEvent(['VideoProcessed'], encode(event))).toBeUndefined();
  });

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['no object', '42'],
    ['no CloudEvent', { type: 'FeedUpdated' }],
    ['another version', { ...event, specversion: '2.0' }],
    ['no type', { ...event, type: undefined }],
    ['a time that is none', { ...event, time: 'yesterday' }],
    ['no author', { ...event, data: { postId: 'p1', createdAt: event.time } }],
  ])('fails for %s', (_case, value) => {
    expect(() => readEvent(['FeedUpdated'], encode(value))).toThrow();
  });
});
