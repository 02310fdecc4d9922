import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnalyticsReply } from '../../lambdas/contract/analytics.ts';
import { type Person, signUpPerson } from '../../local/demo/api-client.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { physicalId } from '../support/aws-of-twin.ts';
import { recordsOfEventStream } from '../support/kinesis-of-twin.ts';
import { runTwin } from '../support/running-twin.ts';
import { signUpAdministrator } from '../support/sign-up-account.ts';

const DAY = 86_400_000;
const SOON = { timeout: 40_000, interval: 200 };

describe('analytics over HTTP', () => {
  let twin: Twin;
  let root: Person;
  let ada: Person;
  let bob: Person;
  /** The day on which the test began; it may end on the next one. */
  const startMs = Math.floor(Date.now() / DAY) * DAY;
  let asked = 0;

  beforeAll(async () => {
    twin = await runTwin();
    root = await signUpAdministrator(twin);
    [ada, bob] = await Promise.all([signUpPerson(twin.apiUrl, 'ada'), signUpPerson(twin.apiUrl, 'bob')]);
  });
  afterAll(() => twin?.close());

  /** Never from the cache: each time another moment of the day after tomorrow. */
  async function read(granularity: 'minute' | 'day'): Promise<AnalyticsReply> {
    asked += 1;
    const beginMs = granularity === 'day' ? startMs : Date.now() - DAY / 2;
    const endMs = granularity === 'day' ? startMs + 2 * DAY + asked : Date.now() + 60_000 + asked;
    const [from, to] = [new Date(beginMs).toISOString(), new Date(endMs).toISOString()];
    const path = `/api/analytics?from=${from}&to=${to}&granularity=${granularity}`;
    return (await root.client.expect<AnalyticsReply>(200, 'GET', path)).body;
  }
  async function totals(granularity: 'minute' | 'day') {
    const sums: Record<string, number> = {};
    for (const { counts } of (await read(granularity)).periods) {
      for (const [type, count] of Object.entries(counts)) sums[type] = (sums[type] ?? 0) + count;
    }
    return sums;
  }
  async function topPosts() {
    const views: Record<string, number> = {};
    for (const post of (await read('day')).periods.flatMap((period) => period.topPosts ?? [])) {
      views[post.postId] = (views[post.postId] ?? 0) + post.views;
    }
    return views;
  }
  const publish = async (text: string) =>
    (await ada.client.expect<{ id: string }>(201, 'POST', '/api/feed', { text })).body.id;
  const view = (person: Person, postId: string) =>
    person.client.expect<{ id: string }>(202, 'POST', '/api/activity', { type: 'post-viewed', postId });

  it('counts what was published and looked at, each once, and names the posts', { timeout: 60_000 }, async () => {
    const [first, second] = [await publish('first'), await publish('second')];
    const ids = [await view(ada, first), await view(bob, first), await view(bob, second)].map(({ body }) => body.id);
    expect(new Set(ids).size).toBe(3);
    await expect.poll(() => totals('day'), SOON).toEqual({ FeedUpdated: 2, PostViewed: 3 });
    expect(await totals('minute')).toEqual({ FeedUpdated: 2, PostViewed: 3 });
    expect(await topPosts()).toEqual({ [first]: 2, [second]: 1 });
  });

  it('changes nothing where the worker is given the same records again, also twice at a time', async () => {
    const before = { day: await totals('day'), minute: await totals('minute'), posts: await topPosts() };
    const records = await recordsOfEventStream(twin);
    expect(records.length).toBeGreaterThanOrEqual(5);
    const answers = await Promise.all([invokeWorker(records), invokeWorker([...records, ...records].reverse())]);
    expect(answers).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
    expect({ day: await totals('day'), minute: await totals('minute'), posts: await topPosts() }).toEqual(before);
  });

  it('answers again from the cache', async () => {
    const from = new Date(startMs).toISOString().slice(0, 10);
    const path = `/api/analytics?from=${from}&to=${from}T23:59Z&granularity=day`;
    expect((await root.client.expect(200, 'GET', path)).headers.get('x-cache')).toBe('miss');
    expect((await root.client.expect(200, 'GET', path)).headers.get('x-cache')).toBe('hit');
  });

  it.each([
    ['from=2026-11-01&to=2026-11-02&granularity=hour', 'granularity'],
    [
      'from=2026-11-01&to=yesterday&granularity=day',
      'to: expected a day such as 2026-11-22, or a time in UTC such as 2026-11-22T10:00Z, got "yesterday"',
    ],
    ['from=2026-11-02&to=2026-11-02&granularity=day', 'to: expected a time after from'],
    ['from=2026-01-01&to=2026-03-01&granularity=day', 'expected at most 31 periods of a day, got 59'],
    ['from=2020-01-01&to=2020-01-02&granularity=day', 'counts by day are kept for 400 days'],
  ])('fails for %s with 400', async (query, detail) => {
    const answer = await root.client.send<{ detail: string }>('GET', `/api/analytics?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toContain(detail);
  });

  it('fails for whoever is no administrator', async () => {
    const path = '/api/analytics?from=2026-11-01&to=2026-11-02&granularity=day';
    expect((await ada.client.send('GET', path)).status).toBe(403);
  });

  it.each([{ type: 'post-viewed' }, { type: 'post-viewed', postId: 'p1' }, { type: 'post-liked', postId: 'p1' }])(
    'fails for an activity such as %j, before it is in any queue',
    async (activity) => {
      expect((await ada.client.send('POST', '/api/activity', activity)).status).toBe(400);
    },
  );

  async function invokeWorker(Records: readonly object[]): Promise<unknown> {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const lambda = new LambdaClient({ endpoint: twin.awsEndpointUrl, region: 'us-east-1', credentials });
    const FunctionName = physicalId(twin, 'AWS::Lambda::Function', 'AnalyticsWorker');
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify({ Records }) }),
    );
    expect(FunctionError).toBeUndefined();
    return JSON.parse(Buffer.from(Payload ?? []).toString('utf8'));
  }
});
