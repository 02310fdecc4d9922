import { describe, expect, it } from 'vitest';
import type { Tenant } from '../../../../lambdas/adapters/tenants-table.ts';
import { tokenSubject } from '../../../../lambdas/services/identity/token-subject.ts';

const account = {
  email: 'ann@example.com',
  userId: 'ann',
  passwordHash: 'x',
  tier: 'free',
  createdAt: '2026-11-01T00:00:00.000Z',
};
const acme: Tenant = { tenantId: 'acme-1', name: 'Acme', tier: 'business', state: 'active', createdAt: '' };
const tenantsWith = (tenant?: Tenant) => ({
  find: async (id: string) => (tenant?.tenantId === id ? tenant : undefined),
});
const own = { userId: 'ann', tier: 'free', isAdministrator: false };

describe('tokenSubject', () => {
  it('asks for no tenant where the account is in none', async () => {
    const find = () => Promise.reject(new Error('asked'));
    expect(await tokenSubject({ find }, account)).toEqual(own);
  });

  it('names the tenant of the account, and is of its tier', async () => {
    const subject = await tokenSubject(tenantsWith(acme), { ...account, tenantId: 'acme-1' });
    expect(subject).toEqual({ ...own, tier: 'business', tenant: 'acme-1' });
  });

  it('names the tenant as outside issuers do, where it is known to them: one key meters all its people', async () => {
    const tenants = tenantsWith({ ...acme, claim: 'https://idp|7' });
    expect((await tokenSubject(tenants, { ...account, tenantId: 'acme-1' })).tenant).toBe('https://idp|7');
  });

  it.each([
    ['is gone', undefined],
    ['is being created', { ...acme, state: 'creating' as const }],
    ['is being deleted', { ...acme, state: 'deleting' as const }],
    ['had its name given to another', { ...acme, tenantId: 'acme-2' }],
  ])('is of its own tier again once the tenant %s', async (_, tenant) => {
    expect(await tokenSubject(tenantsWith(tenant), { ...account, tenantId: 'acme-1' })).toEqual(own);
  });

  it('is an administrator only where the account says so', async () => {
    expect((await tokenSubject(tenantsWith(), { ...account, administrator: true })).isAdministrator).toBe(true);
    expect((await tokenSubject(tenantsWith(), { ...account, administrator: false })).isAdministrator).toBe(false);
  });
});
