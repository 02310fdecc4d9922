import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import * as v from 'valibot';
import { SigningKey } from '../../contract/signing-key.ts';

/** A new ES256 key pair. Its `kid` is the RFC 7638 thumbprint, so one key cannot be published under two ids. */
export async function createSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const privateJwk = await exportJWK(privateKey);
  return v.parse(SigningKey, { kid: await calculateJwkThumbprint(privateJwk), privateJwk });
}

/** The public half: the curve's name and the point, and nothing that is not in this list. */
export function publicJwkOf({ kid, privateJwk }: SigningKey) {
  const { kty, crv, x, y } = privateJwk;
  return { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' };
}
