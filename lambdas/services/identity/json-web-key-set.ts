import type { Clock } from '../../adapters/clock.ts';
import type { KeySource } from '../../adapters/key-source.ts';
import type { JsonWebKeySet } from '../../contract/identity.ts';

/** The public keys that verify tokens which may be in use now, and the one that rotation is about to sign with. */
export async function jsonWebKeySet(keys: KeySource, clock: Clock): Promise<JsonWebKeySet> {
  const nowSeconds = clock.now() / 1_000;
  const alive = (await keys.load()).filter(
    ({ expiresAtSeconds = Number.POSITIVE_INFINITY }) => expiresAtSeconds > nowSeconds,
  );
  return { keys: alive.map(({ kid, jwk }) => ({ ...jwk, kty: 'EC', kid, alg: 'ES256', use: 'sig' })) };
}
