import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../../local/demo/api-client.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { runTwin } from '../support/running-twin.ts';

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
}

describe('identity over HTTP', () => {
  const email = 'Grace.Hopper@example.com';
  const password = 'a ship in port is safe';
  let twin: Twin;
  let api: ApiClient;

  beforeAll(async () => {
    twin = await runTwin();
    api = new ApiClient(twin.apiUrl);
    await api.expect(201, 'POST', '/signup', { email, password });
  });
  afterAll(() => twin?.close());

  it('takes an address once, however it is written', async () => {
    const again = await api.send('POST', '/signup', { email: email.toLowerCase(), password });
    expect(again.status).toBe(409);
    expect(again.headers.get('content-type')).toContain('application/problem+json');
  });

  it('lets exactly one of many simultaneous sign-ups have the address', async () => {
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => api.send('POST', '/signup', { email: 'race@example.com', password })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409]);
  });

  it.each([
    ['no body', undefined],
    ['another type', { email: 42, password }],
    ['no address', { email: 'nobody', password }],
    ['a short password', { email: 'x@example.com', password: '1234567' }],
    ['an unknown field', { email: 'x@example.com', password, tier: 'pro' }],
  ])('fails with a 400 problem for %s', async (_case, body) => {
    const answer = await api.send<{ status: number }>('POST', '/signup', body);
    expect(answer.status).toBe(400);
    expect(answer.body.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('answers an unknown address and a wrong password alike', async () => {
    const wrong = await api.send<object>('POST', '/login', { email, password: 'another one' });
    const unknown = await api.send<object>('POST', '/login', { email: 'nobody@example.com', password });
    expect(wrong.status).toBe(401);
    expect(unknown.status).toBe(401);
    const instanceless = (body: object) => ({ ...body, instance: undefined });
    expect(instanceless(unknown.body)).toEqual(instanceless(wrong.body));
  });

  it('rotates refresh tokens and revokes the family when one is used twice', async () => {
    const login = await api.expect<Tokens>(200, 'POST', '/login', { email, password });
    const refresh = (token: string) => api.send<Tokens>('POST', '/token/refresh', { refresh_token: token });
    const second = await refresh(login.body.refresh_token);
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(login.body.refresh_token);
    expect((await refresh(login.body.refresh_token)).status).toBe(401);
    expect((await refresh(second.body.refresh_token)).status).toBe(401);
  });

  it('publishes its keys and where they are', async () => {
    const configuration = await api.expect<{ issuer: string; jwks_uri: string }>(
      200,
      'GET',
      '/.well-known/openid-configuration',
    );
    expect(configuration.body.issuer).toBe(twin.apiUrl);
    const keys = await fetch(configuration.body.jwks_uri).then((response) => response.json());
    expect(keys).toMatchObject({ keys: [{ kty: 'EC', crv: 'P-256', alg: 'ES256', kid: expect.any(String) }] });
    expect(JSON.stringify(keys)).not.toContain('"d"');
  });
});
