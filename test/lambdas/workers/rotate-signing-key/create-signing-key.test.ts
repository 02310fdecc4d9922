import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import { createSigningKey, publicJwkOf } from '../../../../lambdas/workers/rotate-signing-key/create-signing-key.ts';

describe('createSigningKey', () => {
  it('makes another key each time, named by its thumbprint', async () => {
    const [one, other] = await Promise.all([createSigningKey(), createSigningKey()]);
    expect(one.kid).not.toBe(other.kid);
    expect(one.kid).toBe(await calculateJwkThumbprint(publicJwkOf(one)));
  });

  it('has a public half without the private part', async () => {
    const key = await createSigningKey();
    expect(Object.keys(publicJwkOf(key)).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(JSON.stringify(publicJwkOf(key))).not.toContain(key.privateJwk.d);
  });
});
