import type { Clock } from '../../adapters/clock.ts';
import type { VerificationKeysPublisher } from '../../adapters/verification-keys-publisher.ts';
import type { JsonWebKeySet } from '../../contract/identity.ts';

/** The public keys that verify tokens which may be in use now, and the one that rotation is about to sign with. */
export async function jsonWebKeySet(
  keys: Pick<VerificationKeysPublisher, 'list'>,
  clock: Clock,
): Promise<JsonWebKeySet> {
  const nowSeconds = clock.now() / 1_000;
  const alive = (await keys.list()).filter(({ expiresAt }) => expiresAt === undefined || expiresAt > nowSeconds);
  return { keys: alive.map(({ kid, jwk }) => ({ ...jwk, kid, alg: 'ES256', use: 'sig' })) };
}
