import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrillFindings } from '../../lambdas/contract/drill.ts';
import type { LimitsReply } from '../../lambdas/contract/limits.ts';
import { type Person, signUpPerson } from '../../local/demo/api-client.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { runTwin } from '../support/running-twin.ts';
import { runController, setLevers } from '../support/set-levers.ts';
import { signUpAdministrator } from '../support/sign-up-account.ts';

const POSTS = 'POST /api/feed:user';
/** Nothing is deployed, and nobody is told twice: what a lever needs is a run of the controller and one request of each environment. */
const SOON = { timeout: 10_000, interval: 200 };

describe('the levers of an operator', () => {
  let twin: Twin;
  let ada: Person;
  let root: Person;

  const status = async (method: string, path: string) => (await ada.client.send(method, path)).status;
  const search = () => status('GET', '/api/drill/search?workMs=0');
  const checkout = () => status('POST', '/api/drill/checkout?workMs=0');
  const operations = async () => {
    const { body } = await root.client.expect<LimitsReply>(200, 'GET', '/api/limits');
    if (body.operations === undefined) throw new Error('/api/limits shows no operations to an administrator');
    return body.operations;
  };

  beforeAll(async () => {
    twin = await runTwin();
    root = await signUpAdministrator(twin);
    ada = await signUpPerson(twin.apiUrl, 'ada');
    expect(await search()).toBe(200);
  });
  afterAll(() => twin?.close());

  it('shed what is less important than they say, and nothing else', async () => {
    const startedAt = Date.now();
    await setLevers(twin, { shedBelow: 'critical', reason: 'the index is rebuilt' });
    await expect.poll(search, SOON).toBe(503);
    expect(await checkout()).toBe(200);
    const refused = await ada.client.send<{ type: string }>('GET', '/api/drill/search?workMs=0');
    expect(refused.body.type).toBe('urn:spillway:problem:overloaded');
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);

    const { levers, changes, isAlive } = await operations();
    expect(isAlive).toBe(true);
    expect(levers).toEqual({ shedBelow: 'critical', reason: 'the index is rebuilt' });
    expect(changes[0]).toMatchObject({ levers, changedBy: expect.stringMatching(/^arn:aws:/) });
    expect(Date.parse(changes[0]?.changedAt ?? '')).toBeGreaterThanOrEqual(startedAt - 1_000);
    expect(Date.parse(changes[0]?.changedAt ?? '')).toBeLessThanOrEqual(Date.now());
  });

  it('scale a limit, and callers see by how much', async () => {
    // From 20 at once to 2.
    await setLevers(twin, { scale: { [POSTS]: 0.1 } });
    const admittedOfTen = async () => {
      const posts = Array.from({ length: 10 }, () => ada.client.send('POST', '/api/feed', { text: 'often' }));
      return (await Promise.all(posts)).filter((answer) => answer.status === 201).length;
    };
    await expect.poll(admittedOfTen, { ...SOON, interval: 1_000 }).toBeLessThanOrEqual(2);
    // Another second fills one, two at most.
    await expect
      .poll(async () => (await ada.client.send('POST', '/api/feed', { text: 'later' })).status, SOON)
      .toBe(201);
    const factor = async () => {
      const { body } = await ada.client.expect<LimitsReply>(200, 'GET', '/api/limits');
      return body.limits.find(({ policy }) => policy === POSTS)?.factor;
    };
    await expect.poll(factor, SOON).toBe(0.1);
    // What is not said any more holds no longer.
    await expect.poll(search, SOON).toBe(200);
  });

  it('force a breaker open', async () => {
    const find = () => ada.client.expect<DrillFindings>(200, 'GET', '/api/drill/feed?workMs=0');
    expect((await find()).body.source).toBe('index');
    await setLevers(twin, { breakers: { index: 'forced-open' } });
    await expect.poll(async () => (await find()).body.source, SOON).toBe('fallback');
    expect((await find()).headers.get('drill-admission')).toContain('breaker=forced-open');
    const { breakers } = await operations();
    expect(breakers).toContainEqual(
      expect.objectContaining({ service: 'Drill', dependency: 'index', forced: 'forced-open' }),
    );
    await setLevers(twin, {});
    await expect.poll(async () => (await find()).body.source, SOON).toBe('index');
  });

  it.each([
    ['no JSON', 'shedBelow: critical'],
    ['an unknown priority', { shedBelow: 'important' }],
    ['an unknown lever', { shed_below: 'critical-plus' }],
    ['a negative factor', { scale: { perUser: -1 } }],
  ])('stay as they were valid last after %s', async (_what, invalid) => {
    const valid = { shedBelow: 'sheddable-plus' };
    await setLevers(twin, valid);
    await runController(twin);
    await expect.poll(search, SOON).toBe(503);
    const [newest] = (await operations()).changes;

    await setLevers(twin, invalid);
    await runController(twin);
    const { levers, changes } = await operations();
    expect(levers).toEqual(valid);
    // What never came into force is no change.
    expect(changes[0]).toEqual(newest);
    expect(await search()).toBe(503);
    expect(await checkout()).toBe(200);
  });

  it('are nothing that others are shown', async () => {
    const { body } = await ada.client.expect<LimitsReply>(200, 'GET', '/api/limits');
    expect(body.operations).toBeUndefined();
    expect((await ada.client.send('POST', '/api/tenants', { name: 'Acme', tier: 'business' })).status).toBe(403);
  });
});
