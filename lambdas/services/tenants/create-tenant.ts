import type { ApiKeys } from '../../adapters/api-keys.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { IdGenerator } from '../../adapters/id-generator.ts';
import { tenantKey } from '../../adapters/tenant-key.ts';
import { newTenantId, type Tenant, type TenantsTable, tenantClaim } from '../../adapters/tenants-table.ts';
import type { CreateTenantRequest } from '../../contract/tenants.ts';
import type { TenantPlans } from '../../contract/tier-spec.ts';
import { ServiceError } from '../../errors/service-error.ts';
import { apiKeyName } from './api-key-name.ts';
import { tenantBeingDeleted } from './tenant-errors.ts';

export interface CreateTenantDependencies {
  readonly tenants: TenantsTable;
  readonly apiKeys: ApiKeys;
  /** Tiers with a key for each tenant. */
  readonly plans: TenantPlans;
  readonly nextId: IdGenerator;
  readonly clock: Clock;
}

/** The tenant, and whether this request is what made it active. */
export interface CreatedTenant {
  readonly tenant: Tenant;
  readonly isNew: boolean;
}

/**
 * Creates a tenant with its API key: first the record, which takes the name; then the key, whose value follows from the
 * record; then its place in the tier's usage plan; and only then is the tenant active. Whatever ends a request in between,
 * the same request again goes on where it ended, and of several at once all end with the one tenant. It also mends an active
 * tenant: one whose key was removed by hand, or whose stack was deployed anew and makes other keys since.
 *
 * Rejects with 400 for a tier without keys for tenants, 409 `tenant-exists` for a name that another tier's or claim's
 * tenant has, and 409 `no-api-keys-left` beyond AWS's 10,000 keys.
 */
export async function createTenant(
  dependencies: CreateTenantDependencies,
  request: CreateTenantRequest,
): Promise<CreatedTenant> {
  const { tenants, apiKeys, plans, nextId, clock } = dependencies;
  const plan = Object.hasOwn(plans, request.tier) ? plans[request.tier] : undefined;
  if (plan === undefined) throw unknownTier(request.tier, plans);
  const tenant = await tenants.claim({
    ...request,
    tenantId: newTenantId(request.name, nextId()),
    state: 'creating',
    createdAt: new Date(clock.now()).toISOString(),
  });
  if (tenant.tier !== request.tier || tenant.claim !== request.claim) throw tenantExists(tenant);
  if (tenant.state === 'deleting') throw tenantBeingDeleted(tenant);

  const key = await apiKeys.create({
    name: apiKeyName(tenant),
    value: tenantKey(plan, tenantClaim(tenant)),
    description: `Meters the tenant '${tenant.name}' of the tier '${tenant.tier}'; no secret`,
  });
  if (key.outcome === 'none-left') throw noKeysLeft(tenant);
  if (key.outcome === 'value-taken') throw keyTaken(tenant);
  await apiKeys.addToPlan(key.keyId, plan.planName);
  if (!(await tenants.activate(tenant.tenantId, key.keyId))) {
    // Whoever deleted the tenant in the meantime may have looked for the key before it was there.
    await apiKeys.remove(key.keyId);
    throw tenantBeingDeleted(tenant);
  }
  if (tenant.keyId !== undefined && tenant.keyId !== key.keyId) await apiKeys.remove(tenant.keyId);
  return { tenant: { ...tenant, state: 'active', keyId: key.keyId }, isNew: tenant.state === 'creating' };
}

function unknownTier(tier: string, plans: TenantPlans): ServiceError {
  const known = Object.keys(plans).map((name) => `'${name}'`);
  const expected =
    known.length === 0
      ? "no tier of this stage has keys for tenants; set keys: 'tenant' on one in bin/stages.ts and deploy"
      : `expected a tier with keys for tenants, ${known.join(' or ')}`;
  return new ServiceError('invalid-request', `tier: ${expected}, got '${tier}'`, { statusCode: 400 });
}

function tenantExists({ name, tier, claim, tenantId }: Tenant): ServiceError {
  const what = `in the tier '${tier}'${claim === undefined ? '' : ` with the claim '${claim}'`}`;
  return new ServiceError(
    'tenant-exists',
    `there is a tenant '${name}' already, ${what}: ${tenantId}; delete it first, or choose another name`,
    { statusCode: 409 },
  );
}

function noKeysLeft({ name, tenantId }: Tenant): ServiceError {
  return new ServiceError(
    'no-api-keys-left',
    `the account has all the API keys that AWS allows in a Region (10,000, which AWS does not raise), so the tenant '${name}' ` +
      `waits for one; delete tenants that are gone, or put small ones into a tier with a shared key, and send the same ` +
      `request again; or delete ${tenantId}`,
    { statusCode: 409 },
  );
}

function keyTaken({ name, claim }: Tenant): ServiceError {
  return new ServiceError(
    'api-key-taken',
    claim === undefined
      ? `another API key of the account has the value that is meant for the tenant '${name}'; delete that key`
      : `another tenant has the claim '${claim}' already; delete one of the two`,
    { statusCode: 409 },
  );
}
