import { type CryptoKey, importJWK } from 'jose';
import * as v from 'valibot';
import { SigningKey } from '../../contract/signing-key.ts';
import { ServiceError } from '../../errors/service-error.ts';

/** A private key, ready to sign with. */
export interface LoadedSigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey | Uint8Array;
}

/** A first rotation, which creates the first key, takes some seconds. */
const RETRY_AFTER_SECONDS = 5;

const SigningKeyText = v.pipe(v.string(), v.parseJson(), SigningKey);

/**
 * Reads the signing key. Rejects with 503 `signing-key-unavailable` while the secret cannot be read, and before the first
 * rotation, when it holds a generated string that is no key.
 */
export async function loadSigningKey(readSecret: () => Promise<string>): Promise<LoadedSigningKey> {
  try {
    const { kid, privateJwk } = v.parse(SigningKeyText, await readSecret());
    return { kid, privateKey: await importJWK(privateJwk, 'ES256') };
  } catch (cause) {
    throw new ServiceError('signing-key-unavailable', 'tokens cannot be signed at the moment; try again shortly', {
      statusCode: 503,
      expose: true,
      headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
      // What failed to parse may be most of a private key, so only the kind of failure goes on into the log.
      cause: v.isValiError(cause) ? new TypeError('the signing key secret holds no ES256 key (yet)') : cause,
    });
  }
}
