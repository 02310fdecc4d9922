import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, signUpPerson } from '../../local/demo/api-client.ts';
import { waitFor } from '../../local/demo/wait-for.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { runTwin } from '../support/running-twin.ts';

interface Page {
  readonly items: readonly { readonly id: string; readonly text: string; readonly authorId: string }[];
  readonly nextCursor?: string;
}

describe('the feed over HTTP', () => {
  let twin: Twin;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    twin = await runTwin();
    [ada, bob] = await Promise.all([signUpPerson(twin.apiUrl, 'ada'), signUpPerson(twin.apiUrl, 'bob')]);
  });
  afterAll(() => twin?.close());

  const post = (person: Person, text: string) =>
    person.client.expect<{ id: string }>(201, 'POST', '/api/feed', { text });
  const read = (person: Person, query = '') => person.client.expect<Page>(200, 'GET', `/api/feed${query}`);

  it('answers a post with its location', async () => {
    const answer = await post(ada, 'first');
    expect(answer.headers.get('location')).toContain(answer.body.id);
  });

  it('merges own posts with those of people followed, newest first, over pages', async () => {
    await bob.client.expect(204, 'PUT', `/api/follows/${ada.id}`);
    for (const text of ['a1', 'a2']) await post(ada, text);
    await post(bob, 'b1');
    await post(ada, 'a3');
    const first = await read(bob, '?limit=2');
    const second = await read(bob, `?limit=2&cursor=${first.body.nextCursor}`);
    const third = await read(bob, `?limit=2&cursor=${second.body.nextCursor}`);
    const texts = [first, second, third].flatMap((page) => page.body.items.map((item) => item.text));
    expect(texts).toEqual(['a3', 'b1', 'a2', 'a1', 'first']);
    expect(third.body.nextCursor).toBeUndefined();
  });

  it('serves the second reading from the cache, and a write of the reader makes it anew', async () => {
    await post(bob, 'b2');
    expect((await read(bob)).headers.get('x-cache')).toBe('miss');
    expect((await read(bob)).headers.get('x-cache')).toBe('hit');
    await post(bob, 'b3');
    const anew = await read(bob);
    expect(anew.headers.get('x-cache')).toBe('miss');
    expect(anew.body.items[0]?.text).toBe('b3');
  });

  it("never serves one caller's timeline to another", async () => {
    await read(bob);
    const own = await read(ada);
    expect(own.body.items.every((item) => item.authorId === ada.id)).toBe(true);
  });

  it('leaves out whom one unfollows', async () => {
    await bob.client.expect(204, 'DELETE', `/api/follows/${ada.id}`);
    const page = await read(bob);
    expect(page.body.items.every((item) => item.authorId === bob.id)).toBe(true);
    await bob.client.expect(204, 'PUT', `/api/follows/${ada.id}`);
  });

  it.each(['0', '101', '1.5', 'many'])('fails for limit=%s with a problem that names the value', async (limit) => {
    const answer = await bob.client.send<{ detail: string }>('GET', `/api/feed?limit=${limit}`);
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toContain(limit);
  });

  it("fails for a forged cursor, and for somebody else's", async () => {
    const page = await read(ada, '?limit=1');
    expect((await bob.client.send('GET', `/api/feed?cursor=${page.body.nextCursor}`)).status).toBe(400);
    expect((await bob.client.send('GET', '/api/feed?cursor=abc.def')).status).toBe(400);
  });

  it('notifies followers of a post, once', async () => {
    const { body } = await post(ada, 'for bob');
    const notifications = async () => {
      const page = await bob.client.expect<{ items: { postId: string }[] }>(200, 'GET', '/api/notifications?limit=100');
      return page.body.items.filter((item) => item.postId === body.id);
    };
    const found = await waitFor(
      async () => ((await notifications()).length > 0 ? notifications() : undefined),
      15_000,
      'bob was not notified',
    );
    expect(found).toHaveLength(1);
  });
});
