import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TestIssuer } from '../../support/test-issuer.ts';

const METHOD_ARN = 'arn:aws:execute-api:eu-central-1:123456789012:api1234567/dev/GET/api/feed';

describe('the authorizer', () => {
  let issuer: TestIssuer;
  let handler: (event: APIGatewayRequestAuthorizerEvent) => Promise<unknown>;
  let isDown = false;
  const logged: string[] = [];

  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    issuer = await TestIssuer.create(() => Date.now(), { jwksUri: 'https://issuer.example/jwks' });
    vi.stubEnv('SPILLWAY_ISSUERS', JSON.stringify([issuer.spec]));
    vi.stubEnv('SPILLWAY_SCOPE_ROUTES', JSON.stringify({ 'feed:read': ['GET/api/feed'] }));
    vi.stubEnv('SPILLWAY_TIER_KEYS', JSON.stringify({ free: 'key-of-the-free-tier' }));
    vi.stubEnv('POWERTOOLS_DEV', 'true');
    for (const level of ['info', 'error'] as const) {
      vi.spyOn(console, level).mockImplementation((line: string) => void logged.push(line));
    }
    vi.stubGlobal('fetch', async () => {
      if (isDown) throw new TypeError('fetch failed');
      return Response.json({ keys: [issuer.publicJwk] });
    });
    ({ handler } = await import('../../../lambdas/authorizer/handler.ts'));
  });
  afterAll(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  const call = (token: string) =>
    handler({
      type: 'REQUEST',
      methodArn: METHOD_ARN,
      headers: { Authorization: `Bearer ${token}` },
      multiValueHeaders: null,
      requestContext: { requestId: 'r-1' },
    } as unknown as APIGatewayRequestAuthorizerEvent);

  it('fails otherwise than with Unauthorized while it cannot judge, so that the gateway answers 500', async () => {
    isDown = true;
    await expect(call(await issuer.sign())).rejects.toThrow('the keys of the issuer cannot be read');
    isDown = false;
  });

  it('allows a good token', async () => {
    await vi.waitFor(
      async () => expect(await call(await issuer.sign())).toMatchObject({ principalId: 'alice' }),
      5_000,
    );
  });

  it('fails with exactly Unauthorized for a bad token, and logs why, without the token', async () => {
    logged.length = 0;
    const token = await issuer.sign({ claims: { aud: 'elsewhere' } });
    await expect(call(token)).rejects.toThrow(new Error('Unauthorized'));
    expect(logged).toHaveLength(1);
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({ requestId: 'r-1', reason: 'unexpected "aud" claim value' });
    expect(logged[0]).not.toContain(token);
  });
});
