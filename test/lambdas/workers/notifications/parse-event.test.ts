import { describe, expect, it } from 'vitest';
import { parseEvent } from '../../../../lambdas/workers/notifications/parse-event.ts';

const event = {
  specversion: '1.0',
  id: 'e1',
  source: '/spillway/feed',
  type: 'FeedUpdated',
  time: '2026-11-01T00:00:00.000Z',
  subject: 'ann',
  datacontenttype: 'application/json',
  data: { postId: 'p1', authorId: 'ann', createdAt: '2026-11-01T00:00:00.000Z' },
};
const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');

describe('parseEvent', () => {
  it('reads a FeedUpdated', () => {
    expect(parseEvent(encode(event))).toEqual(event);
  });

  it('has no interest in another type, whatever its data', () => {
    expect(parseEvent(encode({ specversion: '1.0', type: 'PaymentSettled', data: 42 }))).toBeUndefined();
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '42'],
    ['no CloudEvent', { type: 'FeedUpdated' }],
    ['another version', { ...event, specversion: '2.0' }],
    ['no type', { ...event, type: undefined }],
    ['a time that is none', { ...event, time: 'yesterday' }],
    ['no author', { ...event, data: { postId: 'p1', createdAt: event.time } }],
  ])('fails for %s', (_case, value) => {
    expect(() => parseEvent(encode(value))).toThrow();
  });
});
