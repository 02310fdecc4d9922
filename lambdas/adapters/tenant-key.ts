import { createHash } from 'node:crypto';
import type { TenantKeyForm } from '../contract/tier-spec.ts';

/** 128 bits: nobody finds a second tenant with the same key. */
const DIGEST_HEX_LENGTH = 32;

/**
 * The API key of a tenant. Whoever knows the form makes the same one, so that the authorizer names a tenant's key without
 * asking anybody, and nothing has to be kept in step. AWS takes 20 to 128 characters. No secret, as the keys of tiers are
 * none (docs/adr/0004-tier-keys-are-not-secrets.md).
 *
 * @param tenant as the authorizer tells it to the services
 */
export function tenantKey({ prefix, suffix }: TenantKeyForm, tenant: string): string {
  return `${prefix}${createHash('sha256').update(tenant).digest('hex').slice(0, DIGEST_HEX_LENGTH)}${suffix}`;
}
