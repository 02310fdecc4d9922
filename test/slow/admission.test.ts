import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LimitsReply } from '../../lambdas/contract/limits.ts';
import { type ApiAnswer, ApiClient, type Person } from '../../local/demo/api-client.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { ProjectCopy } from '../support/project-copy.ts';
import { readRateLimit } from '../support/read-rate-limit.ts';
import { runTwin } from '../support/running-twin.ts';
import { type Account, signUpAccount } from '../support/sign-up-account.ts';

const DAILY_QUOTA = 30;
const POSTS_PER_HOUR = 10;
const FOLLOWS = 3;
const FOLLOWS_WINDOW_SECONDS = 2;
const FAILURES = 3;
const CLIENTS = 50;
/** Passwords of several people are hashed meanwhile. */
const HOOK_TIMEOUT_MS = 120_000;

type Someone = Account & Person;

const ofStatus = (answers: readonly ApiAnswer[], status: number) =>
  answers.filter((answer) => answer.status === status);
const statusesOf = (answers: readonly ApiAnswer[]) => [...new Set(answers.map(({ status }) => status))].sort();
const atOnce = <T>(count: number, send: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => send(index)));

describe('admission over HTTP', () => {
  const project = new ProjectCopy();
  let twin: Twin;
  let bob: Someone;
  const others: Someone[] = [];

  const signUp = async (name: string): Promise<Someone> => {
    const account = await signUpAccount(twin, name);
    return { ...account, ...(await account.logIn()) };
  };
  /** Somebody who has not done anything yet. */
  const somebody = (): Someone => {
    const next = others.pop();
    if (next === undefined) throw new Error('this test needs more people than were signed up');
    return next;
  };

  beforeAll(async () => {
    // Whoever does not wait for the store counts alone, and not exactly.
    project.edit('bin/stages.ts', 'storeTimeout: Duration.millis(500)', 'storeTimeout: Duration.seconds(1)');
    const feed = 'lib/stacks/services/feed-service.ts';
    project.edit('bin/stages.ts', 'dailyQuota: 100_000', `dailyQuota: ${DAILY_QUOTA}`);
    project.edit(
      feed,
      'RateLimit.tokenBucket({ by: LimitBy.USER, ratePerSecond: 10, burst: 20 })',
      `RateLimit.slidingLog({ by: LimitBy.USER, max: ${POSTS_PER_HOUR}, window: Duration.hours(1) })`,
    );
    project.edit(
      feed,
      "summary: 'Follow somebody',",
      `summary: 'Follow somebody', limits: [RateLimit.slidingWindow({ by: LimitBy.USER, max: ${FOLLOWS}, window: Duration.seconds(${FOLLOWS_WINDOW_SECONDS}) })],`,
    );
    const identity = 'lib/stacks/services/identity-service.ts';
    project.edit(
      identity,
      'max: 10,\n            window: Duration.minutes(15)',
      `max: ${FAILURES},\n            window: Duration.minutes(15)`,
    );
    twin = await runTwin(await project.synthesize());
    bob = await signUp('bob');
    for (const name of ['ada', 'amy', 'ann', 'ali']) others.push(await signUp(name));
  }, HOOK_TIMEOUT_MS);
  afterAll(async () => {
    await twin?.close();
    project.remove();
  });

  it('gives fifty clients of one user what a limit allows, and not one more', async () => {
    const ada = somebody();
    const answers = await atOnce(CLIENTS, (index) => ada.client.send('POST', '/api/feed', { text: `post ${index}` }));
    expect(statusesOf(answers)).toEqual([201, 429]);
    expect(ofStatus(answers, 201)).toHaveLength(POSTS_PER_HOUR);
    // A refused request takes nothing from the other limits: the day has what the posts have left.
    const reads = await atOnce(CLIENTS, () => ada.client.send('GET', '/api/feed'));
    expect(statusesOf(reads)).toEqual([200, 429]);
    expect(ofStatus(reads, 200)).toHaveLength(DAILY_QUOTA - POSTS_PER_HOUR);
    // Another user has limits of their own.
    await bob.client.expect(201, 'POST', '/api/feed', { text: 'the first' });
  });

  it('tells of each limit in fields that parse, and counts down to zero', async () => {
    const ada = somebody();
    for (let left = POSTS_PER_HOUR - 1; left >= 0; left -= 1) {
      const { headers } = await ada.client.expect(201, 'POST', '/api/feed', { text: `${left} left` });
      const told = readRateLimit(headers);
      expect([...told.keys()]).toEqual(['user', 'perUser', 'dailyQuota']);
      expect(told.get('user')).toMatchObject({ quota: POSTS_PER_HOUR, windowSeconds: 3_600, remaining: left });
      expect(told.get('dailyQuota')).toMatchObject({
        quota: DAILY_QUOTA,
        windowSeconds: 86_400,
        remaining: left + DAILY_QUOTA - POSTS_PER_HOUR,
      });
    }
    const refused = await ada.client.expect<Record<string, unknown>>(429, 'POST', '/api/feed', { text: 'one more' });
    const told = readRateLimit(refused.headers);
    expect(told.get('user')).toMatchObject({ remaining: 0 });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(told.get('user')?.resetSeconds ?? 0);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.body).toMatchObject({ status: 429, 'violated-policies': ['user'] });
  });

  it('serves whoever waits as long as Retry-After says', async () => {
    const ada = somebody();
    for (let round = 0; round < 2; round += 1) {
      let answer = await ada.client.send('PUT', `/api/follows/${bob.id}`);
      while (answer.status === 204) answer = await ada.client.send('PUT', `/api/follows/${bob.id}`);
      expect(answer.status).toBe(429);
      const seconds = Number(answer.headers.get('retry-after'));
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(seconds).toBeLessThanOrEqual(2 * FOLLOWS_WINDOW_SECONDS);
      await delay(seconds * 1_000);
      await ada.client.expect(204, 'PUT', `/api/follows/${bob.id}`);
    }
  });

  it('shows callers what they have left, and takes nothing for it but the request itself', async () => {
    await atOnce(3, (index) => bob.client.expect(201, 'POST', '/api/feed', { text: `post ${index}` }));
    const look = () => bob.client.expect<LimitsReply>(200, 'GET', '/api/limits');
    const left = ({ body }: ApiAnswer<LimitsReply>, policy: string) =>
      body.limits.find((limit) => limit.policy === policy)?.remaining;
    const looks = [await look(), await look(), await look()];
    const posts = looks.map((answer) => left(answer, 'POST /api/feed:user'));
    expect(posts[0]).toBeLessThanOrEqual(POSTS_PER_HOUR - 3);
    expect(new Set(posts).size).toBe(1);
    const days = looks.map((answer) => left(answer, 'dailyQuota'));
    const [first = 0] = days;
    expect(days).toEqual([first, first - 1, first - 2]);
    expect(looks[0]?.body).toMatchObject({ tier: 'free', countedBy: 'fleet' });
    expect(looks[0]?.headers.get('cache-control')).toBe('no-store');
    expect(looks[0]?.body.operations).toBeUndefined();
  });

  describe('logins that fail', () => {
    let ada: Someone;
    let anonymous: ApiClient;
    const logIn = (email: string, password: string) => anonymous.send<object>('POST', '/login', { email, password });
    /** What differs between two answers for reasons that tell nothing. */
    const shown = ({ status, headers, body }: ApiAnswer<object>) => ({
      status,
      body: JSON.stringify({ ...body, instance: undefined }).replace(/retry in \d+ s/, ''),
      fields: ['content-type', 'ratelimit-policy', 'www-authenticate'].map((name) => headers.get(name)),
      left: [...readRateLimit(headers)]
        .filter(([name]) => name !== 'ip')
        .map(([name, limit]) => [name, limit.remaining]),
    });

    beforeAll(async () => {
      ada = somebody();
      anonymous = new ApiClient(twin.apiUrl);
    });

    it('cost nothing as long as they succeed', async () => {
      for (let login = 0; login <= FAILURES; login += 1) {
        const answer = await logIn(ada.email, ada.password);
        expect(answer.status).toBe(200);
      }
    });

    it('lock an account and an address without one alike', async () => {
      const unknown = 'nobody.at.all@example.com';
      for (let failure = 0; failure < FAILURES; failure += 1) {
        const answers = [await logIn(ada.email, 'wrong password'), await logIn(unknown, 'wrong password')];
        expect(answers[0]?.status).toBe(401);
        expect(shown(answers[1] as ApiAnswer<object>)).toEqual(shown(answers[0] as ApiAnswer<object>));
      }
      const right = await logIn(ada.email, ada.password);
      const [locked, absent] = [await logIn(ada.email, 'wrong password'), await logIn(unknown, 'wrong password')];
      expect(locked.status).toBe(429);
      expect(shown(absent)).toEqual(shown(locked));
      expect(shown(right)).toEqual(shown(locked));
    });

    it('lock nobody else', async () => {
      expect((await logIn(bob.email, bob.password)).status).toBe(200);
    });
  });
});
