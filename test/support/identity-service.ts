import { createIdGenerator } from '../../lambdas/adapters/id-generator.ts';
import { createPasswordHasher } from '../../lambdas/adapters/password-hash.ts';
import { createAccessTokens } from '../../lambdas/services/identity/access-token.ts';
import type { IdentityDependencies } from '../../lambdas/services/identity/identity-routes.ts';
import { loadSigningKey } from '../../lambdas/services/identity/signing-key.ts';
import { createSigningKey, publicJwkOf } from '../../lambdas/workers/rotate-signing-key/create-signing-key.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryAccounts, MemorySessions, MemoryTenants, MemoryVerificationKeys } from './memory-tables.ts';
import { RecordingLogger } from './recording-logger.ts';

export const ISSUER = 'https://api.example.com/dev';

/** The identity service in memory, with a signing key, cheap passwords and a clock of its own. */
export async function identityService() {
  const clock = new ManualClock();
  const nextId = createIdGenerator(clock);
  const key = await createSigningKey();
  const secret = { value: JSON.stringify(key) };
  const verificationKeys = new MemoryVerificationKeys();
  await verificationKeys.publish({ kid: key.kid, jwk: publicJwkOf(key) });
  return {
    accounts: new MemoryAccounts(),
    sessions: new MemorySessions(),
    tenants: new MemoryTenants(),
    verificationKeys,
    passwords: createPasswordHasher({ log2N: 4, r: 8, p: 1 }),
    accessTokens: createAccessTokens({
      signingKey: () => loadSigningKey(async () => secret.value),
      issuer: ISSUER,
      audience: 'spillway',
      lifetimeSeconds: 900,
      nextId,
      clock,
    }),
    familySeconds: 3_600,
    issuer: ISSUER,
    nextId,
    clock,
    logger: new RecordingLogger(),
    key,
    /** What the signing key secret holds. */
    secret,
  } satisfies IdentityDependencies & Record<string, unknown>;
}
