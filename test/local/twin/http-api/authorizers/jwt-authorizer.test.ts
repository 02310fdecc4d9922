import { createServer } from 'node:http';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { serveOnLoopback } from '../../../../../local/twin/serve-on-loopback.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { startTestHttpApi } from '../../../../support/test-http-api.ts';
import { forgeToken, TestIssuer, type TokenChanges } from '../../../../support/test-issuer.ts';

const DEPLOYED = 'https://issuer.execute-api.eu-west-1.amazonaws.com';
let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await TestIssuer.create(
    () => new ManualClock().now(),
    { issuer: DEPLOYED, audience: 'app' },
    { algorithm: 'RS256' },
  );
});

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** An API with a JWT authorizer, and its issuer on this machine. */
async function start(scopes: string[] = [], audience = ['app']) {
  const issuerState = { keys: [issuer.publicJwk as object], reads: 0, down: false };
  const server = await serveOnLoopback(
    createServer((request, response) => {
      issuerState.reads += 1;
      const isDiscovery = request.url?.endsWith('/.well-known/openid-configuration');
      if (issuerState.down) response.writeHead(503);
      response.end(JSON.stringify(isDiscovery ? { jwks_uri: `${DEPLOYED}/keys` } : { keys: issuerState.keys }));
    }),
  );
  servers.push(server);
  const api = await startTestHttpApi(
    {
      routes: [{ key: 'GET /things', authorizer: 'jwt', properties: { AuthorizationScopes: scopes } }],
      authorizers: { jwt: { AuthorizerType: 'JWT', JwtConfiguration: { Issuer: DEPLOYED, Audience: audience } } },
    },
    {},
    { localize: (url) => url.replace(DEPLOYED, server.url) },
  );
  const call = (token: string) => api.get('/things', { headers: { Authorization: token } });
  return { ...api, issuerState, call };
}

describe('jwtAuthorizer', () => {
  test('lets a token of the issuer in, and hands its claims on as text', async () => {
    const { call, calls, access } = await start();
    const claims = { groups: ['a', 'b'], level: 3, admin: true };
    expect((await call(`Bearer ${await issuer.sign({ claims })}`)).status).toBe(200);
    expect((await call(await issuer.sign())).status).toBe(200);
    expect(calls.service?.[0]?.requestContext.authorizer).toEqual({
      jwt: {
        claims: expect.objectContaining({ iss: DEPLOYED, sub: 'alice', groups: '[a b]', level: '3', admin: 'true' }),
        scopes: null,
      },
    });
    expect(access[0]?.principalId).toBe('alice');
  });

  test('takes the local address of its issuer, known since the issuer started, for its deployed one', async () => {
    let local = DEPLOYED;
    const server = await serveOnLoopback(
      createServer((request, response) => {
        const isKeys = request.url === '/keys';
        response.end(JSON.stringify(isKeys ? { keys: [issuer.publicJwk] } : { jwks_uri: `${local}/keys` }));
      }),
    );
    servers.push(server);
    const JwtConfiguration = { Issuer: DEPLOYED, Audience: ['app'] };
    const { get } = await startTestHttpApi(
      {
        routes: [{ key: 'GET /things', authorizer: 'jwt' }],
        authorizers: { jwt: { AuthorizerType: 'JWT', JwtConfiguration } },
      },
      {},
      { localize: (url) => url.replace(DEPLOYED, local) },
    );
    local = server.url;
    const Authorization = await issuer.sign({ claims: { iss: server.url } });
    expect((await get('/things', { headers: { Authorization } })).status).toBe(200);
  });

  test('refuses a request without a token, and says what it wants', async () => {
    const { get } = await start();
    const answer = await get('/things');
    expect(answer).toMatchObject({ status: 401, json: { message: 'Unauthorized' } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  const seconds = new ManualClock().now() / 1_000;
  test.each<[string, TokenChanges, string]>([
    ['that is over', { claims: { exp: seconds } }, 'the token has expired'],
    ['that is not valid yet', { claims: { nbf: seconds + 1 } }, 'the token is not valid yet'],
    ['of tomorrow', { claims: { iat: seconds + 1 } }, 'the token was issued in the future'],
    ['of another issuer', { claims: { iss: 'https://other.example' } }, 'the token does not have a valid issuer'],
    ['for another audience', { claims: { aud: 'other' } }, 'the token does not have a valid audience'],
    ['without an audience', { claims: { aud: undefined } }, 'the token does not have a valid audience'],
    ['without a key id', { header: { kid: undefined } }, 'the token has no key id'],
    ['of an unknown key', { header: { kid: 'other' } }, 'the token has an unknown key id'],
  ])('fails on a token %s', async (_, changes, fault) => {
    const { call } = await start();
    const answer = await call(`Bearer ${await issuer.sign(changes)}`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer scope="" error="invalid_token" error_description="${fault}"`,
    );
  });

  test.each([
    ['no token', 'nonsense', 'the token is malformed'],
    ['no signature', forgeToken({ alg: 'none', kid: 'key-1' }, {}), 'signing method none is invalid'],
    ['a secret', forgeToken({ alg: 'HS256', kid: 'key-1' }, {}, 'x'), 'signing method HS256 is invalid'],
    ['a forged signature', forgeToken({ alg: 'RS256', kid: 'key-1' }, { sub: 'eve' }, 'AAAA'), 'signature is invalid'],
  ])('fails on %s', async (_, token, fault) => {
    const { call } = await start();
    expect((await call(token)).headers.get('www-authenticate')).toContain(`error_description="${fault}"`);
  });

  test('takes client_id where there is no aud', async () => {
    const { call } = await start();
    expect((await call(await issuer.sign({ claims: { aud: undefined, client_id: 'app' } }))).status).toBe(200);
    expect((await call(await issuer.sign({ claims: { aud: 'other', client_id: 'app' } }))).status).toBe(401);
  });

  test('asks for any of the scopes of the route, in scope or scp', async () => {
    const { call, calls } = await start(['feed:read', 'feed:admin']);
    expect((await call(await issuer.sign())).status).toBe(200);
    expect(calls.service?.[0]?.requestContext.authorizer.jwt.scopes).toEqual(['feed:read', 'feed:write']);
    expect((await call(await issuer.sign({ claims: { scope: undefined, scp: ['feed:admin'] } }))).status).toBe(200);
    const refused = await call(await issuer.sign({ claims: { scope: 'feed:write' } }));
    expect(refused).toMatchObject({ status: 403, json: { message: 'Forbidden' } });
    expect(refused.headers.get('www-authenticate')).toContain(
      'scope="feed:read feed:admin" error="insufficient_scope"',
    );
  });

  test('reads the keys once in two hours, and anew for an unknown key id after a minute', async () => {
    const { call, clock, issuerState } = await start();
    const token = await issuer.sign({ claims: { exp: seconds + 100_000 } });
    const unknown = await issuer.sign({ header: { kid: 'other' }, claims: { exp: seconds + 100_000 } });
    await Promise.all([call(token), call(token), call(token)]);
    expect(issuerState.reads).toBe(2);
    clock.advance(59_999);
    expect((await call(unknown)).status).toBe(401);
    expect(issuerState.reads).toBe(2);
    clock.advance(1);
    issuerState.keys.push({ ...issuer.publicJwk, kid: 'other' });
    expect((await call(unknown)).status).toBe(200);
    expect(issuerState.reads).toBe(4);
    clock.advance(2 * 60 * 60 * 1_000);
    await call(token);
    expect(issuerState.reads).toBe(6);
  });

  test('refuses while the issuer was never reached, and keeps its keys where it goes away later', async () => {
    const { call, clock, issuerState } = await start();
    const token = await issuer.sign({ claims: { exp: seconds + 100_000 } });
    issuerState.down = true;
    const answer = await call(token);
    expect(answer.headers.get('www-authenticate')).toContain('OIDC discovery endpoint communication error');
    issuerState.down = false;
    clock.advance(1_000);
    expect((await call(token)).status).toBe(200);
    issuerState.down = true;
    clock.advance(2 * 60 * 60 * 1_000);
    expect((await call(token)).status).toBe(200);
  });
});
