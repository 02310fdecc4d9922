import { describe, expect, it } from 'vitest';
import { createOutbox } from '../../../lambdas/adapters/outbox.ts';
import type { PostViewed } from '../../../lambdas/contract/events/post-viewed.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 10);
const WEEK_SECONDS = 7 * 86_400;

const VIEWED: PostViewed = {
  specversion: '1.0',
  id: 'work-1.PostViewed',
  source: '/spillway/activity',
  type: 'PostViewed',
  time: '2026-11-22T10:00:00.000Z',
  subject: 'post-1',
  datacontenttype: 'application/json',
  data: { postId: 'post-1', viewerId: 'user-1' },
};
const WORK = { id: 'video-1', acceptedAtMs: NOW_MS, data: { action: 'process' } };

const outbox = createOutbox('Outbox', new ManualClock(NOW_MS));

describe('createOutbox', () => {
  it('keeps an event under its aggregate, as it is to be published', () => {
    expect(outbox.event(VIEWED).Put).toMatchObject({
      TableName: 'Outbox',
      Item: { aggregate: 'post-1', entryId: 'work-1.PostViewed', kind: 'event', body: JSON.stringify(VIEWED) },
    });
  });

  it('keeps work under its own id, with the queue that it is for', () => {
    expect(outbox.work('video', WORK).Put).toMatchObject({
      TableName: 'Outbox',
      Item: { aggregate: 'video-1', kind: 'work', queue: 'video', body: JSON.stringify(WORK) },
    });
  });

  it('writes no entry twice, which would publish it twice', () => {
    for (const { Put } of [outbox.event(VIEWED), outbox.work('video', WORK)]) {
      expect(Put?.ConditionExpression).toBe('attribute_not_exists(#entry)');
      expect(Put?.ExpressionAttributeNames).toEqual({ '#entry': 'entryId' });
    }
  });

  it('takes work of one id again that was accepted later, as after its record was removed', () => {
    const entryOf = (acceptedAtMs: number) => outbox.work('video', { ...WORK, acceptedAtMs }).Put?.Item?.entryId;
    expect(entryOf(NOW_MS)).toBe(entryOf(NOW_MS));
    expect(entryOf(NOW_MS)).not.toBe(entryOf(NOW_MS + 1));
  });

  it('lets entries expire a week later, long after the stream has forgotten them', () => {
    expect(outbox.event(VIEWED).Put?.Item?.expiresAt).toBe(NOW_MS / 1_000 + WEEK_SECONDS);
  });
});
