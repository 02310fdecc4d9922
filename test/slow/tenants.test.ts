import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantResponse } from '../../lambdas/contract/tenants.ts';
import type { ApiAnswer, Person } from '../../local/demo/api-client.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { ProjectCopy } from '../support/project-copy.ts';
import { runTwin } from '../support/running-twin.ts';
import { signUpAccount, signUpAdministrator } from '../support/sign-up-account.ts';

const BURST = 10;
const OFFERED = 30;
const GENEROUS = '{ ratePerSecond: 500, burst: 1_000 }';
const SCARCE = `{ ratePerSecond: 1, burst: ${BURST} }`;
/** Passwords of several people are hashed meanwhile. */
const HOOK_TIMEOUT_MS = 120_000;
const planOf = (numbers: string) => `perUser: ${numbers},\n        plan: { throttle: ${numbers} }`;

describe('tenants over HTTP', () => {
  const project = new ProjectCopy();
  let twin: Twin;
  let root: Person;
  let acme: TenantResponse;
  let bolt: TenantResponse;
  let ann: Person;
  let amy: Person;
  let ben: Person;

  async function createTenant(name: string): Promise<TenantResponse> {
    const { body } = await root.client.expect<TenantResponse>(201, 'POST', '/api/tenants', { name, tier: 'business' });
    return body;
  }

  /** Signs somebody up and makes them one of a tenant's people. */
  async function signUpMember(name: string, tenant: TenantResponse): Promise<Person> {
    const { email, logIn } = await signUpAccount(twin, name);
    await root.client.expect(204, 'PUT', `/api/tenants/${tenant.id}/members`, { email });
    return logIn();
  }

  /** What all of them together are admitted when each offers far more than the plan has. */
  async function admittedAtOnce(people: readonly Person[]) {
    const startedAt = performance.now();
    const answers: ApiAnswer<{ type?: string }>[] = await Promise.all(
      people.flatMap(({ client }) =>
        Array.from({ length: OFFERED / people.length }, () => client.send<{ type?: string }>('GET', '/api/feed')),
      ),
    );
    const refilled = Math.ceil((performance.now() - startedAt) / 1_000);
    return { answers, admitted: answers.filter(({ status }) => status === 200).length, most: BURST + refilled };
  }

  beforeAll(async () => {
    // As much for one user as for the whole plan, so that whatever refuses the second user of a tenant is the plan.
    project.edit('bin/stages.ts', planOf(GENEROUS), planOf(SCARCE));
    twin = await runTwin(await project.synthesize());
    root = await signUpAdministrator(twin);
    acme = await createTenant('Acme');
    bolt = await createTenant('Bolt');
    ann = await signUpMember('ann', acme);
    amy = await signUpMember('amy', acme);
    ben = await signUpMember('ben', bolt);
  }, HOOK_TIMEOUT_MS);
  afterAll(async () => {
    await twin?.close();
    project.remove();
  });

  it('are metered by a key of their own, each as the plan says, however many people they are', async () => {
    expect(acme.state).toBe('active');
    expect(acme.apiKeyId).toBeDefined();
    expect(bolt.apiKeyId).not.toBe(acme.apiKeyId);
    const ofAcme = await admittedAtOnce([ann, amy]);
    expect(ofAcme.admitted).toBeGreaterThanOrEqual(BURST);
    expect(ofAcme.admitted).toBeLessThanOrEqual(ofAcme.most);
    // That Acme has used its plan up is nothing to Bolt.
    const ofBolt = await admittedAtOnce([ben]);
    expect(ofBolt.admitted).toBeGreaterThanOrEqual(BURST);
    expect(ofBolt.admitted).toBeLessThanOrEqual(ofBolt.most);

    const refused = ofAcme.answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]));
    expect(refused[0]?.headers.get('content-type')).toContain('application/problem+json');
    expect(refused[0]?.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  });

  it('are found by their name again, and are only for administrators', async () => {
    const again = await root.client.expect<TenantResponse>(200, 'POST', '/api/tenants', {
      name: 'acme',
      tier: 'business',
    });
    expect(again.body.name).toBe('Acme');
    const other = await root.client.send<{ type: string }>('POST', '/api/tenants', { name: 'Cog', tier: 'free' });
    expect(other.status).toBe(400);
  });

  it('open nothing to their people any more once they are deleted', async () => {
    await expect.poll(async () => (await ben.client.send('GET', '/api/feed')).status, { timeout: 10_000 }).toBe(200);
    await root.client.expect(204, 'DELETE', `/api/tenants/${bolt.id}`);
    expect((await root.client.send('GET', `/api/tenants/${bolt.id}`)).status).toBe(404);
    await expect.poll(async () => (await ben.client.send('GET', '/api/feed')).status, { timeout: 10_000 }).toBe(403);
  });
});
