import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createIdGenerator } from '../../../../lambdas/adapters/id-generator.ts';
import type { TransactionItem } from '../../../../lambdas/adapters/outbox.ts';
import { FeedUpdated } from '../../../../lambdas/contract/events/feed-updated.ts';
import { publishPost } from '../../../../lambdas/services/feed/publish-post.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { MemoryPosts } from '../../../support/memory-tables.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const draft = { effectId: 'effect-1', authorId: 'ann', text: 'hello', traceparent };

function setUp() {
  const clock = new ManualClock();
  return { posts: new MemoryPosts(), clock, nextId: createIdGenerator(clock) };
}

describe('publishPost', () => {
  it('writes the post with the event that tells of it, named after the effect, and with the trace', async () => {
    const service = setUp();
    const { post, isNew } = await publishPost(service, draft);
    expect(isNew).toBe(true);
    expect(post).toMatchObject({ authorId: 'ann', text: 'hello', createdAt: '2026-11-01T00:00:00.000Z' });
    expect(service.posts.items).toEqual([post]);
    expect(service.posts.outbox).toEqual([
      {
        event: {
          specversion: '1.0',
          id: 'effect-1.FeedUpdated',
          source: '/spillway/feed',
          type: 'FeedUpdated',
          time: post.createdAt,
          subject: 'ann',
          datacontenttype: 'application/json',
          traceparent,
          data: { postId: post.id, authorId: 'ann', createdAt: post.createdAt },
        },
        alongside: [],
      },
    ]);
    v.parse(FeedUpdated, service.posts.outbox[0]?.event);
  });

  it('writes nothing new under the same effect, and answers the post that is there', async () => {
    const service = setUp();
    const { post } = await publishPost(service, draft);
    service.clock.advance(60_000);
    expect(await publishPost(service, draft)).toEqual({ post, isNew: false });
    expect(service.posts.items).toEqual([post]);
    expect(service.posts.outbox).toHaveLength(1);
  });

  it('writes what goes with the post in the same transaction', async () => {
    const service = setUp();
    const item = (postId: string): TransactionItem => ({ Delete: { TableName: 'drafts', Key: { postId } } });
    const { post } = await publishPost(service, draft, ({ id }) => [item(id)]);
    expect(service.posts.outbox[0]?.alongside).toEqual([item(post.id)]);
  });

  it('leaves the trace out where there is none', async () => {
    const service = setUp();
    await publishPost(service, { ...draft, traceparent: undefined });
    expect(service.posts.outbox[0]?.event).not.toHaveProperty('traceparent');
  });

  it('dates posts in the order of their ids, even when the clock steps back', async () => {
    const service = setUp();
    const { post: first } = await publishPost(service, draft);
    service.clock.advance(-5_000);
    const { post: second } = await publishPost(service, { ...draft, effectId: 'effect-2' });
    expect(second.id > first.id).toBe(true);
    expect(second.createdAt >= first.createdAt).toBe(true);
  });

  const unpublished = expect.objectContaining({
    code: 'post-not-published',
    statusCode: 503,
    expose: true,
    message: 'the post could not be published; try again, and with an Idempotency-Key it is never there twice',
    headers: { 'Retry-After': '1' },
  });

  it('fails with 503 where nothing was written', async () => {
    const posts = { publish: () => Promise.reject(new Error('table is gone')) };
    await expect(publishPost({ ...setUp(), posts }, draft)).rejects.toThrow(unpublished);
  });

  it('fails with 503 where the answer was lost, and finds the post when it is called again', async () => {
    const service = setUp();
    const losing = {
      publish: async (...args: Parameters<MemoryPosts['publish']>) => {
        await service.posts.publish(...args);
        throw new Error('the answer was lost');
      },
    };
    await expect(publishPost({ ...service, posts: losing }, draft)).rejects.toThrow(unpublished);
    expect(await publishPost(service, draft)).toEqual({ post: service.posts.items[0], isNew: false });
    expect(service.posts.items).toHaveLength(1);
  });
});
