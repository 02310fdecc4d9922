import { createIdGenerator } from '../../lambdas/adapters/id-generator.ts';
import type { TenantsDependencies } from '../../lambdas/services/tenants/tenants-routes.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryApiKeys } from './memory-api-keys.ts';
import { MemoryAccounts, MemoryTenants } from './memory-tables.ts';

/** The tenants service in memory, with two tiers for tenants. */
export function tenantsFixture() {
  const clock = new ManualClock();
  return {
    tenants: new MemoryTenants(),
    accounts: new MemoryAccounts(),
    apiKeys: new MemoryApiKeys(),
    plans: {
      business: { prefix: 'spillway-business-', suffix: '-uuid', planName: 'plan-1' },
      enterprise: { prefix: 'spillway-enterprise-', suffix: '-uuid', planName: 'plan-2' },
    },
    nextId: createIdGenerator(clock),
    clock,
  } satisfies TenantsDependencies;
}

export type TenantsFixture = ReturnType<typeof tenantsFixture>;
