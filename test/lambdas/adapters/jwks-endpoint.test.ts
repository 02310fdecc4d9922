import { describe, expect, it } from 'vitest';
import { createJwksEndpoint } from '../../../lambdas/adapters/jwks-endpoint.ts';

const URI = 'https://issuer.example/jwks';
const answering = (response: () => Response) => ({ fetch: async () => response() });

describe('createJwksEndpoint', () => {
  it('gives the keys by their ids, and leaves out those that have none', async () => {
    const keys = [{ kty: 'EC', kid: 'a', crv: 'P-256', x: 'x', y: 'y' }, { kty: 'RSA' }];
    const source = createJwksEndpoint(
      URI,
      answering(() => Response.json({ keys })),
    );
    expect(await source.load()).toEqual([{ kid: 'a', jwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } }]);
  });

  it('asks without following redirects, and only for so long', async () => {
    let seen: RequestInit | undefined;
    const fetch = async (_url: unknown, init?: RequestInit) => {
      seen = init;
      return Response.json({ keys: [] });
    };
    await createJwksEndpoint(URI, { fetch }).load();
    expect(seen?.redirect).toBe('error');
    expect(seen?.signal).toBeInstanceOf(AbortSignal);
  });

  it('fails for a status other than 200', async () => {
    const source = createJwksEndpoint(
      URI,
      answering(() => new Response('', { status: 503 })),
    );
    await expect(source.load()).rejects.toThrow(`${URI} answered with status 503`);
  });

  it('fails for more than 256 KiB', async () => {
    const source = createJwksEndpoint(
      URI,
      answering(() => new Response('x'.repeat(262_145))),
    );
    await expect(source.load()).rejects.toThrow(`${URI} sent more than 262144 bytes`);
  });

  it('fails for something else than a key set', async () => {
    const source = createJwksEndpoint(
      URI,
      answering(() => Response.json({ key: 1 })),
    );
    await expect(source.load()).rejects.toThrow('Invalid key: Expected "keys"');
  });
});
