import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createIdGenerator } from '../../../../lambdas/adapters/id-generator.ts';
import type { TransactionItem } from '../../../../lambdas/adapters/outbox.ts';
import { createPageCursors } from '../../../../lambdas/adapters/page-cursor.ts';
import { FeedPage, Post } from '../../../../lambdas/contract/feed.ts';
import type { RouteReply } from '../../../../lambdas/middleware/route-request.ts';
import { feedRoutes } from '../../../../lambdas/services/feed/feed-routes.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { MemoryFollows, MemoryPosts } from '../../../support/memory-tables.ts';
import { routeRequest } from '../../../support/route-request.ts';

const ANN = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const BOB = '01BX5ZZKBKACTAV9WEVGEMMVRZ';

function setUp() {
  const clock = new ManualClock();
  const service = {
    posts: new MemoryPosts(),
    follows: new MemoryFollows(),
    cursors: createPageCursors(async () => 'secret'),
    nextId: createIdGenerator(clock),
    clock,
  };
  const routes = feedRoutes(service);
  const call = async (route: string, request: Parameters<typeof routeRequest>[0]) => {
    const handler = routes[route];
    if (handler === undefined) throw new Error(`no route ${route}`);
    return handler(routeRequest(request));
  };
  const read = async (sub: string, query: Record<string, string>) =>
    v.parse(FeedPage, (await call('GET /api/feed', { sub, query })).body);
  let effects = 0;
  const post = (sub: string, text: string) => {
    effects += 1;
    return call('POST /api/feed', { sub, body: { text }, effectId: `effect-${effects}` });
  };
  return { ...service, call, read, post };
}

describe('feed routes', () => {
  it('answer a post with 201 and its location', async () => {
    const { post } = setUp();
    const reply = await post(ANN, 'hello');
    const { id } = v.parse(Post, reply.body);
    expect(reply).toMatchObject({ statusCode: 201, headers: { Location: `/api/feed/${id}` } });
  });

  it('answer a post that comes again under its effect with the post that is there', async () => {
    const { call, posts } = setUp();
    const request = { sub: ANN, body: { text: 'hello' }, effectId: 'effect-1' };
    const first = await call('POST /api/feed', request);
    expect(await call('POST /api/feed', request)).toEqual(first);
    expect(posts.items).toHaveLength(1);
  });

  it('write the answer with the post, and answer that very object only where both were written', async () => {
    const { call, posts } = setUp();
    const completed: RouteReply[] = [];
    const completion = (reply: RouteReply): TransactionItem => {
      completed.push(reply);
      return { Delete: { TableName: 'claims', Key: { id: completed.length } } };
    };
    const request = { sub: ANN, body: { text: 'hello' }, effectId: 'effect-1', completion };
    const first = await call('POST /api/feed', request);
    expect(first).toBe(completed[0]);
    expect(posts.outbox[0]?.alongside).toEqual([{ Delete: { TableName: 'claims', Key: { id: 1 } } }]);
    const second = await call('POST /api/feed', request);
    expect(completed).toHaveLength(2);
    expect(second).not.toBe(completed[1]);
    expect(second).toEqual(first);
  });

  it.each([undefined, {}, { text: '' }, { text: ' ' }, { text: 'x'.repeat(1_001) }, { text: 'x', authorId: BOB }])(
    'fail with 400 for the post %j',
    async (body) => {
      const { call, posts } = setUp();
      await expect(call('POST /api/feed', { sub: ANN, body })).rejects.toMatchObject({ statusCode: 400 });
      expect(posts.items).toEqual([]);
    },
  );

  it('page through a timeline without a gap or a double while new posts arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(ANN, BOB), { maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        async (authors, limit) => {
          const { call, read, post } = setUp();
          await call('PUT /api/follows/{userId}', { sub: ANN, path: { userId: BOB } });
          for (const [index, author] of authors.entries()) await post(author, `post ${index}`);
          const texts: string[] = [];
          let cursor: string | undefined;
          do {
            const page = await read(ANN, { limit: String(limit), ...(cursor !== undefined && { cursor }) });
            expect(page.items.length).toBeLessThanOrEqual(limit);
            texts.push(...page.items.map(({ text }) => text));
            cursor = page.nextCursor;
            await post(BOB, 'came in between');
          } while (cursor !== undefined);
          expect(texts).toEqual(authors.map((_, index) => `post ${index}`).reverse());
        },
      ),
      { numRuns: 30 },
    );
  });

  it("fail with 400 for somebody else's cursor", async () => {
    const { read, post } = setUp();
    for (const text of ['one', 'two']) await post(ANN, text);
    const { nextCursor: cursor = '' } = await read(ANN, { limit: '1' });
    await expect(read(BOB, { cursor })).rejects.toMatchObject({ code: 'invalid-cursor', statusCode: 400 });
  });

  it('follow and unfollow with 204, as often as one likes', async () => {
    const { call, follows } = setUp();
    for (const [method, expected] of [
      ['PUT', [BOB]],
      ['DELETE', []],
    ] as const) {
      for (let time = 0; time < 2; time += 1) {
        const reply = await call(`${method} /api/follows/{userId}`, { sub: ANN, path: { userId: BOB } });
        expect(reply).toEqual({ statusCode: 204 });
        expect(await follows.followeesOf(ANN)).toEqual(expected);
      }
    }
  });

  it.each(['PUT', 'DELETE'])('fail with 400 to %s what is no user id', async (method) => {
    const { call } = setUp();
    await expect(call(`${method} /api/follows/{userId}`, { sub: ANN, path: { userId: 'bob' } })).rejects.toMatchObject({
      code: 'invalid-user-id',
      statusCode: 400,
    });
  });

  it.each(['GET /api/feed', 'POST /api/feed', 'PUT /api/follows/{userId}', 'DELETE /api/follows/{userId}'])(
    'fail with 401 at %s without a caller',
    async (route) => {
      const { call } = setUp();
      await expect(call(route, { path: { userId: BOB }, body: { text: 'x' } })).rejects.toMatchObject({
        statusCode: 401,
      });
    },
  );
});
