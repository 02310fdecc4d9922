import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { serveOnLoopback } from '../../../../../local/twin/serve-on-loopback.ts';
import { startTestHttpApi } from '../../../../support/test-http-api.ts';

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** A server that says what it was asked, and an API in front of it. */
async function start(integration: Record<string, unknown> = {}, key = 'ANY /{proxy+}', path = '/base/{proxy}') {
  const server = await serveOnLoopback(
    createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.writeHead(203, { 'X-From': 'server', 'Set-Cookie': ['a=1', 'b=2'] });
      response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));
    }),
  );
  servers.push(server);
  const api = await startTestHttpApi(
    {
      routes: [
        {
          key,
          integration: { IntegrationType: 'HTTP_PROXY', IntegrationUri: `https://deployed${path}`, ...integration },
        },
      ],
    },
    {},
    { localize: (url) => url.replace('https://deployed', server.url) },
  );
  const seen = async (...request: Parameters<typeof api.get>): Promise<Seen> => (await api.get(...request)).json;
  return { ...api, seen };
}

describe('httpProxy', () => {
  test('passes method, path, query, headers and body, and the answer back', async () => {
    const { get, access } = await start();
    const answer = await get('/a/b%20c?x=1&x=2', { method: 'PUT', body: 'hello', headers: { 'X-Mine': 'yes' } });
    expect(answer.status).toBe(203);
    expect(answer.headers.get('x-from')).toBe('server');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.json).toMatchObject({
      method: 'PUT',
      url: '/base/a/b%20c?x=1&x=2',
      headers: { 'x-mine': 'yes', 'content-length': '5', forwarded: expect.stringContaining('for=127.0.0.1') },
      body: 'hello',
    });
    expect(access[0]).toMatchObject({ status: 203, integrationLatencyMs: 0 });
  });

  test('calls with the method of the integration', async () => {
    const { seen } = await start({ IntegrationMethod: 'POST' });
    expect((await seen('/a')).method).toBe('POST');
  });

  test('maps request parameters', async () => {
    const { seen } = await start({
      RequestParameters: {
        'append:header.x-mine': '$request.querystring.who',
        'overwrite:header.x-new': 'static',
        'remove:header.x-secret': "''",
        'overwrite:querystring.page': '1',
        'append:querystring.who': 'bob',
        'overwrite:path': '$request.header.x-path',
      },
    });
    const { url, headers } = await seen('/a?who=ada&page=9', {
      headers: { 'X-Mine': 'yes', 'X-Secret': 'no', 'X-Path': '/other' },
    });
    expect(url).toBe('/other?who=ada&who=bob&page=1');
    expect(headers).toMatchObject({ 'x-mine': 'yes,ada', 'x-new': 'static' });
    expect(headers).not.toHaveProperty('x-secret');
  });

  test('maps the answer by its status', async () => {
    const { get } = await start({
      ResponseParameters: {
        '203': {
          ResponseParameters: [
            { Destination: 'overwrite:statuscode', Source: '202' },
            { Destination: 'append:header.x-method', Source: '$response.body.method' },
            { Destination: 'append:header.x-copy', Source: '$response.header.X-From' },
            { Destination: 'remove:header.x-from', Source: "''" },
            { Destination: 'overwrite:header.x-stage', Source: '$context.stage' },
          ],
        },
      },
    });
    const { status, headers } = await get('/a');
    expect(status).toBe(202);
    expect(headers.get('x-method')).toBe('GET');
    expect(headers.get('x-copy')).toBe('server');
    expect(headers.get('x-from')).toBeNull();
    expect(headers.get('x-stage')).toBe('$default');
  });

  test('answers 503 where nobody listens, and where the answer takes too long', async () => {
    const { get } = await startTestHttpApi({
      routes: [
        { key: 'GET /gone', integration: { IntegrationType: 'HTTP_PROXY', IntegrationUri: 'http://127.0.0.1:9/' } },
      ],
    });
    expect(await get('/gone')).toMatchObject({ status: 503, json: { message: 'Service Unavailable' } });
    const silent = await serveOnLoopback(createServer(() => {}));
    servers.push(silent);
    const slow = await startTestHttpApi({
      routes: [
        {
          key: 'GET /slow',
          integration: { IntegrationType: 'HTTP_PROXY', IntegrationUri: silent.url, TimeoutInMillis: 50 },
        },
      ],
    });
    expect((await slow.get('/slow')).status).toBe(503);
  });

  test.each([
    [{ RequestParameters: { 'set:header.a': 'b' } }, "got 'set:header.a'"],
    [{ RequestParameters: { 'append:path': 'b' } }, "got 'append:path'"],
    [
      { ResponseParameters: { '200': { ResponseParameters: [{ Destination: 'append:statuscode', Source: '1' }] } } },
      'ResponseParameters.200.ResponseParameters[0].Destination must be append|overwrite|remove:header.<name> or overwrite:statuscode, got "append:statuscode"',
    ],
  ])('fails on %j', async (integration, message) => {
    await expect(start(integration)).rejects.toThrow(message);
  });
});
