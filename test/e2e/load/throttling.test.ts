import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, signUpPerson } from '../../../local/demo/api-client.ts';
import { type OfferedOutcome, offerAtRate } from '../../../local/load/offer-at-rate.ts';
import type { Twin } from '../../../local/twin/twin.ts';
import { ProjectCopy } from '../../support/project-copy.ts';
import { runTwin } from '../../support/running-twin.ts';

interface Measured {
  readonly outcomes: readonly OfferedOutcome[];
  readonly admitted: number;
  readonly elapsedSeconds: number;
}

/** Offers 300 requests/s of one user for four seconds. */
async function offerReads(person: Person): Promise<Measured> {
  const startedAt = performance.now();
  const outcomes = await offerAtRate({
    baseUrl: person.client.baseUrl,
    ratePerSecond: 300,
    durationMs: 4_000,
    requestAt: () => ({ method: 'GET', path: '/api/feed', headers: person.client.headers }),
  });
  const admitted = outcomes.filter((outcome) => outcome.status === 200).length;
  return { outcomes, admitted, elapsedSeconds: (performance.now() - startedAt) / 1_000 };
}

const asItStands = { ratePerSecond: 100, burst: 200 };
const halved = { ratePerSecond: 50, burst: 100 };
const written = (perUser: typeof halved) =>
  `perUser: { ratePerSecond: ${perUser.ratePerSecond}, burst: ${perUser.burst}, dailyQuota:`;

describe.each([
  ['of the free tier, as bin/stages.ts has it', asItStands],
  ['of the free tier after halving its numbers in bin/stages.ts', halved],
])('a caller %s, offering 300 rps', (_title, perUser) => {
  const project = new ProjectCopy();
  let twin: Twin;
  let measured: Measured;

  beforeAll(async () => {
    project.edit('bin/stages.ts', written(asItStands), written(perUser));
    twin = await runTwin(await project.synthesize());
    const person = await signUpPerson(twin.apiUrl, 'ada');
    await person.client.expect(200, 'GET', '/api/feed');
    measured = await offerReads(person);
  });
  afterAll(async () => {
    await twin?.close();
    project.remove();
  });

  it(`is admitted burst ${perUser.burst} + ${perUser.ratePerSecond}/s × time, within 5 %`, () => {
    const expected = perUser.burst + perUser.ratePerSecond * measured.elapsedSeconds;
    expect(measured.admitted).toBeGreaterThan(expected * 0.95);
    expect(measured.admitted).toBeLessThan(expected * 1.05);
  });

  it('is refused with 429, the violated policy and the time to wait, and with nothing else', () => {
    const refused = measured.outcomes.filter((outcome) => outcome.status !== 200);
    expect(new Set(refused.map((outcome) => outcome.status))).toEqual(new Set([429]));
    expect(refused[0]?.headers['retry-after']).toMatch(/^\d+$/);
    expect(refused[0]?.headers['ratelimit-policy']).toContain('q=');
    expect(refused[0]?.detail).toContain(`limit 'perUser' of ${perUser.ratePerSecond} per second`);
  });
});
