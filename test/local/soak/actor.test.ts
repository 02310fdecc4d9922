import { describe, expect, it } from 'vitest';
import { Actor } from '../../../local/soak/actor.ts';
import type { Answer, Person } from '../../../local/soak/person.ts';
import { seededRandom } from '../../../local/soak/seeded-random.ts';
import { emptyRecord } from '../../../local/soak/soak-record.ts';

/** An API that accepts everything but uploads of files, for which nobody listens. */
function start(answer?: (method: string, path: string) => Answer | undefined) {
  let ids = 0;
  const sent: string[] = [];
  const byKey = new Map<string, Answer>();
  const send: Person['send'] = async (method, path, _body, key) => {
    sent.push(`${method} ${path.split('?')[0]}`);
    const given = answer?.(method, path);
    if (given) return given;
    const known = key === undefined ? undefined : byKey.get(key);
    if (known) return known;
    ids += 1;
    const upload = { url: 'http://127.0.0.1:1/', fields: {} };
    const accepted = { status: 200, body: { id: `id-${ids}`, source: `source-${ids}`, upload } };
    if (key !== undefined) byKey.set(key, accepted);
    return accepted;
  };
  const record = emptyRecord();
  const person = { id: 'ada', send } as unknown as Person;
  const actor = new Actor({ person, strangers: ['x', 'y'], record, random: seededRandom(5) });
  const act = async (times: number) => {
    for (let time = 0; time < times; time += 1) await actor.act();
  };
  return { act, record, sent };
}

describe('Actor', () => {
  it('does all there is to do, and writes down what it is answered', async () => {
    const { act, record, sent } = start();
    await act(300);
    const requests = new Set(sent.map((each) => each.replace(/id-\d+/, 'ID')));
    expect(requests).toEqual(
      new Set([
        ...['POST /api/feed', 'GET /api/feed', 'GET /api/notifications', 'POST /api/activity'],
        ...['POST /api/video/uploads', 'POST /api/video', 'DELETE /api/video/ID'],
        ...['PUT /api/follows/x', 'PUT /api/follows/y', 'DELETE /api/follows/x', 'DELETE /api/follows/y'],
      ]),
    );
    expect([...record.statuses.values()]).toEqual([sent.length]);
    expect(record.posts.every(({ fate, ids }) => fate === 'accepted' && new Set(ids).size === 1)).toBe(true);
    expect(new Set(record.posts.map(({ text }) => text)).size).toBe(record.posts.length);
    expect(new Set(record.videos.map(({ title }) => title)).size).toBe(record.videos.length);
    // Nobody took the files, so that nobody knows of the sound ones.
    expect(new Set(record.videos.map(({ upload }) => upload))).toEqual(new Set(['broken', 'missing', 'unknown']));
    expect(record.videos.some(({ cancelled }) => cancelled === 'accepted')).toBe(true);
    expect(record.views.every(({ workId, postId }) => workId !== undefined && record.postIds.includes(postId))).toBe(
      true,
    );
  });

  it('does not know what became of what was not answered, and of follows what they were before', async () => {
    const { act, record } = start((method) => (method === 'GET' ? undefined : { status: 503, body: {} }));
    await act(100);
    expect(new Set(record.posts.map(({ fate }) => fate))).toEqual(new Set(['unknown']));
    expect([record.postIds, record.views, record.videos]).toEqual([[], [], []]);
    expect([...record.follows.values()].every(({ fate }) => fate === 'unknown')).toBe(true);
  });

  it('changed nothing where it was refused', async () => {
    const { act, record } = start(() => ({ status: 429, body: {} }));
    await act(100);
    expect(new Set(record.posts.map(({ fate }) => fate))).toEqual(new Set(['refused']));
    expect(record.follows.size).toBe(0);
  });
});
