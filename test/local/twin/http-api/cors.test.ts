import { describe, expect, test } from 'vitest';
import { startTestHttpApi } from '../../../support/test-http-api.ts';

const CorsConfiguration = {
  AllowOrigins: ['https://app.example', 'http://localhost:*'],
  AllowMethods: ['GET', 'POST'],
  AllowHeaders: ['Authorization', 'Content-Type'],
  ExposeHeaders: ['X-Request'],
  AllowCredentials: true,
  MaxAge: 600,
};
const api = { CorsConfiguration };
const preflight = (origin: string): RequestInit => ({
  method: 'OPTIONS',
  headers: { Origin: origin, 'Access-Control-Request-Method': 'GET' },
});
const corsHeaders = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

describe('readCors', () => {
  test('answers a preflight with 204, even where no route takes OPTIONS', async () => {
    const { get, calls } = await startTestHttpApi({ api });
    for (const path of ['/things', '/nothing']) {
      const answer = await get(path, preflight('https://app.example'));
      expect(answer.status).toBe(204);
      expect(corsHeaders(answer.headers)).toEqual({
        'access-control-allow-origin': 'https://app.example',
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'x-request',
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'authorization,content-type',
        'access-control-max-age': '600',
      });
    }
    expect(calls.service).toBeUndefined();
  });

  test('answers a preflight of an origin that is not allowed without CORS headers', async () => {
    const { get } = await startTestHttpApi({ api });
    const answer = await get('/things', preflight('https://other.example'));
    expect([answer.status, corsHeaders(answer.headers)]).toEqual([204, {}]);
  });

  test('writes the headers of other answers in place of the function, refusals included', async () => {
    const { get } = await startTestHttpApi(
      { api },
      {
        service: () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' } }),
      },
    );
    const expected = {
      'access-control-allow-origin': 'http://localhost:5173',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-request',
    };
    for (const path of ['/things', '/nothing']) {
      const answer = await get(path, { headers: { Origin: 'http://localhost:5173' } });
      expect(corsHeaders(answer.headers)).toEqual(expected);
    }
    expect(corsHeaders((await get('/things')).headers)).toEqual({});
  });

  test('leaves a preflight to the authorizer of a route that takes it', async () => {
    const { get } = await startTestHttpApi({
      api,
      routes: [{ key: '$default', authorizer: 'lambda' }],
      authorizers: { lambda: {} },
    });
    expect((await get('/things', preflight('https://app.example'))).status).toBe(401);
  });

  test('leaves OPTIONS alone without a configuration', async () => {
    const { get } = await startTestHttpApi({ routes: [{ key: 'OPTIONS /things' }] });
    expect((await get('/things', preflight('https://app.example'))).status).toBe(200);
  });

  test('fails on credentials for every origin', async () => {
    const wide = { CorsConfiguration: { AllowOrigins: ['*'], AllowCredentials: true } };
    await expect(startTestHttpApi({ api: wide })).rejects.toThrow(
      `AWS::ApiGatewayV2::Api Api: CorsConfiguration.AllowOrigins must be a list of origins without '*' while AllowCredentials is true, got ["*"]`,
    );
  });
});
