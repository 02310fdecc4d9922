import { CompactSign, compactVerify, importJWK } from 'jose';
import * as v from 'valibot';
import type { Clock } from '../../adapters/clock.ts';
import { CURRENT, PENDING, type RotatingSecret } from '../../adapters/secrets.ts';
import type { VerificationKeysPublisher } from '../../adapters/verification-keys-publisher.ts';
import { CLOCK_TOLERANCE_SECONDS, SIGNING_KEY_CACHE_SECONDS, SigningKey } from '../../contract/signing-key.ts';
import { createSigningKey, publicJwkOf } from './create-signing-key.ts';
import type { RotationStep } from './rotation-event.ts';

export interface RotationDependencies {
  readonly secret: RotatingSecret;
  readonly keys: VerificationKeysPublisher;
  readonly accessTokenSeconds: number;
  readonly clock: Clock;
}

const SigningKeyText = v.pipe(v.string(), v.parseJson(), SigningKey);

/**
 * One step of the rotation that is to make version `token` current. Each step may be repeated, at any time, in the same
 * state or after a crash in its middle: it looks at what is there and does what is missing.
 *
 * Two things hold at every moment. The public half of the current key is in the table, without an end: it is published
 * (setSecret) before the key becomes current (finishSecret), and only keys that are not current are given an end. And
 * a key is verifiable for as long as a token signed with it lives: the end is given after the label has moved, and
 * allows for services that go on signing with the key they have read for SIGNING_KEY_CACHE_SECONDS.
 */
export async function rotateSigningKey(
  dependencies: RotationDependencies,
  step: RotationStep,
  token: string,
): Promise<void> {
  const { secret } = dependencies;
  const stages = await secret.stages();
  const labels = stages[token] ?? [];
  if (labels.includes(CURRENT)) {
    // The label has been moved before; what may be missing is the rest of the last step.
    if (step === 'finishSecret') await expireOtherKeys(dependencies, await keyOf(secret, token));
    return;
  }
  // Secrets Manager attaches the pending label before the first step, or else together with the value. A version that
  // lost it belongs to a rotation that a later one has overtaken.
  if (!labels.includes(PENDING) && !(step === 'createSecret' && labels.length === 0)) {
    throw new Error(`${step}: version ${token} is not labelled ${PENDING}; start a new rotation`);
  }
  switch (step) {
    case 'createSecret':
      if ((await secret.valueOf(token)) === undefined) {
        await secret.putPending(token, JSON.stringify(await createSigningKey()));
      }
      return;
    case 'setSecret': {
      const key = await keyOf(secret, token);
      await dependencies.keys.publish({ kid: key.kid, jwk: publicJwkOf(key) });
      return;
    }
    case 'testSecret':
      await testKey(dependencies, await keyOf(secret, token));
      return;
    case 'finishSecret': {
      const key = await keyOf(secret, token);
      // Once more: nobody may sign with a key that nobody can verify, in whatever order the steps arrive.
      await testKey(dependencies, key);
      const current = Object.keys(stages).find((versionId) => stages[versionId]?.includes(CURRENT));
      await secret.makeCurrent(token, current);
      await expireOtherKeys(dependencies, key);
      return;
    }
  }
}

async function keyOf(secret: RotatingSecret, token: string): Promise<SigningKey> {
  const parsed = v.safeParse(SigningKeyText, await secret.valueOf(token));
  // The value stays out of the message: what failed to parse may be most of a private key.
  if (!parsed.success) throw new Error(`version ${token} holds no signing key; createSecret comes first`);
  return parsed.output;
}

/** Signs with the private key and verifies with what verifiers will find in the table. */
async function testKey({ keys }: RotationDependencies, { kid, privateJwk }: SigningKey): Promise<void> {
  const published = (await keys.load()).find((key) => key.kid === kid);
  if (published === undefined) throw new Error(`key ${kid} is not published; setSecret comes first`);
  if (published.expiresAtSeconds !== undefined)
    throw new Error(`key ${kid} was given an end already; start a new rotation`);
  const signed = await new CompactSign(new TextEncoder().encode(kid))
    .setProtectedHeader({ alg: 'ES256', kid })
    .sign(await importJWK(privateJwk, 'ES256'));
  await compactVerify(signed, await importJWK(published.jwk, 'ES256'), { algorithms: ['ES256'] });
}

/**
 * Gives an end to every other key that has none: the one that was current, and what rotations that were given up have
 * published. A key keeps the end that it was given first.
 */
async function expireOtherKeys(
  { keys, accessTokenSeconds, clock }: RotationDependencies,
  current: SigningKey,
): Promise<void> {
  const lastTokenEndsSeconds = Math.ceil(clock.now() / 1_000) + SIGNING_KEY_CACHE_SECONDS + accessTokenSeconds;
  for (const { kid, expiresAtSeconds } of await keys.load()) {
    if (kid !== current.kid && expiresAtSeconds === undefined) {
      await keys.expire(kid, lastTokenEndsSeconds + CLOCK_TOLERANCE_SECONDS);
    }
  }
}
