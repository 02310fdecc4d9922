import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LimitsReply } from '../../lambdas/contract/limits.ts';
import { type Person, signUpPerson } from '../../local/demo/api-client.ts';
import { type OfferedOutcome, offerAtRate } from '../../local/load/offer-at-rate.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { runTwin } from '../support/running-twin.ts';

/** Of one user, and below what a user may: whoever is refused is refused for the cache's sake. */
const RATE_PER_SECOND = 40;

describe('a cache that is replaced by an empty one under load', () => {
  let twin: Twin;
  let ada: Person;
  let outcomes: readonly OfferedOutcome[];
  let countedBy: string | undefined;

  const readCountedBy = async () => (await ada.client.expect<LimitsReply>(200, 'GET', '/api/limits')).body.countedBy;

  beforeAll(async () => {
    twin = await runTwin();
    ada = await signUpPerson(twin.apiUrl, 'ada');
    await ada.client.expect(200, 'GET', '/api/feed');
    expect(await readCountedBy()).toBe('fleet');
    const load = offerAtRate({
      baseUrl: twin.apiUrl,
      ratePerSecond: RATE_PER_SECOND,
      durationMs: 4_000,
      requestAt: () => ({ method: 'GET', path: '/api/feed', headers: ada.client.headers }),
    });
    await delay(800);
    const back = twin.failCache(1_200);
    await delay(500);
    countedBy = await readCountedBy();
    await back;
    outcomes = await load;
  });
  afterAll(() => twin?.close());

  it('fails no request where each environment may count for itself', () => {
    expect(outcomes).toHaveLength(RATE_PER_SECOND * 4);
    expect([...new Set(outcomes.map(({ status }) => status))]).toEqual([200]);
    expect(countedBy).toBe('environment');
  });

  it('is used again by every environment, without anything else being restarted', async () => {
    await expect.poll(readCountedBy, { timeout: 10_000, interval: 200 }).toBe('fleet');
    const cached = async () => {
      await ada.client.send('GET', '/api/feed');
      return (await ada.client.send('GET', '/api/feed')).headers.get('x-cache');
    };
    await expect.poll(cached, { timeout: 10_000, interval: 200 }).toBe('hit');
  });
});
