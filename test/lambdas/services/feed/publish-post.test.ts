import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createIdGenerator } from '../../../../lambdas/adapters/id-generator.ts';
import { FeedUpdated } from '../../../../lambdas/contract/events/feed-updated.ts';
import { publishPost } from '../../../../lambdas/services/feed/publish-post.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { MemoryPosts } from '../../../support/memory-tables.ts';
import { RecordingLogger } from '../../../support/recording-logger.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const draft = { authorId: 'ann', text: 'hello', traceparent };

function setUp() {
  const events: { event: FeedUpdated; partitionKey: string }[] = [];
  const clock = new ManualClock();
  return {
    posts: new MemoryPosts(),
    published: events,
    events: {
      put: async (event: FeedUpdated, partitionKey: string) => {
        events.push({ event, partitionKey });
      },
    },
    clock,
    nextId: createIdGenerator(clock),
    logger: new RecordingLogger(),
  };
}

const failing = (message: string) => () => Promise.reject(new Error(message));

describe('publishPost', () => {
  it('writes the post, then tells of it in an event that carries the trace', async () => {
    const service = setUp();
    const post = await publishPost(service, draft);
    expect(post).toMatchObject({ authorId: 'ann', text: 'hello', createdAt: '2026-11-01T00:00:00.000Z' });
    expect(service.posts.items).toEqual([post]);
    expect(service.published).toEqual([
      {
        partitionKey: 'ann',
        event: {
          specversion: '1.0',
          id: `${post.id}.FeedUpdated`,
          source: '/spillway/feed',
          type: 'FeedUpdated',
          time: post.createdAt,
          subject: 'ann',
          datacontenttype: 'application/json',
          traceparent,
          data: { postId: post.id, authorId: 'ann', createdAt: post.createdAt },
        },
      },
    ]);
    v.parse(FeedUpdated, service.published[0]?.event);
  });

  it('leaves the trace out where there is none', async () => {
    const service = setUp();
    await publishPost(service, { ...draft, traceparent: undefined });
    expect(service.published[0]?.event).not.toHaveProperty('traceparent');
  });

  it('dates posts in the order of their ids, even when the clock steps back', async () => {
    const service = setUp();
    const first = await publishPost(service, draft);
    service.clock.advance(-5_000);
    const second = await publishPost(service, draft);
    expect(second.id > first.id).toBe(true);
    expect(second.createdAt >= first.createdAt).toBe(true);
  });

  const unpublished = expect.objectContaining({
    code: 'post-not-published',
    statusCode: 503,
    expose: true,
    message: 'the post could not be published and was not kept; try again',
    headers: { 'Retry-After': '1' },
  });

  it('fails with 503 and removes the post when the stream does not take the event', async () => {
    const service = setUp();
    const events = { put: failing('stream is gone') };
    await expect(publishPost({ ...service, events }, draft)).rejects.toThrow(unpublished);
    expect(service.posts.items).toEqual([]);
    expect(service.logger.lines).toEqual([]);
  });

  it('fails with 503, publishes nothing and leaves nothing when the write fails though it was made', async () => {
    const service = setUp();
    const put = service.posts.put.bind(service.posts);
    service.posts.put = async (post) => {
      await put(post);
      throw new Error('the answer was lost');
    };
    await expect(publishPost(service, draft)).rejects.toThrow(unpublished);
    expect(service.posts.items).toEqual([]);
    expect(service.published).toEqual([]);
  });

  it('fails with 503 and logs the post that stays when it cannot be removed either', async () => {
    const service = setUp();
    service.posts.remove = failing('table is gone');
    const events = { put: failing('stream is gone') };
    await expect(publishPost({ ...service, events }, draft)).rejects.toThrow(unpublished);
    expect(service.logger.lines).toMatchObject([
      { level: 'error', message: 'a post could be neither published nor removed again', authorId: 'ann' },
    ]);
  });
});
