import { describe, expect, it } from 'vitest';
import { loadSigningKey } from '../../../../lambdas/services/identity/signing-key.ts';
import { createSigningKey } from '../../../../lambdas/workers/rotate-signing-key/create-signing-key.ts';

describe('loadSigningKey', () => {
  it('loads the key that the rotation wrote', async () => {
    const key = await createSigningKey();
    expect(await loadSigningKey(async () => JSON.stringify(key))).toMatchObject({ kid: key.kid });
  });

  it.each([
    'generated, no key',
    '{"kid":"k"}',
    '{"kid":"k","privateJwk":{"kty":"EC","crv":"P-256","x":"x","y":"y","d":"d"}}',
  ])('fails with 503 for %j, and does not repeat it', async (text) => {
    const error = await loadSigningKey(async () => text).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'signing-key-unavailable',
      statusCode: 503,
      expose: true,
      message: 'tokens cannot be signed at the moment; try again shortly',
      headers: { 'Retry-After': '5' },
    });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(text);
  });

  it('fails with 503 while the secret cannot be read', async () => {
    const cause = new Error('throttled');
    await expect(loadSigningKey(() => Promise.reject(cause))).rejects.toMatchObject({ statusCode: 503, cause });
  });
});
