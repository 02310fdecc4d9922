import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RestApiFixture } from '../../../../support/rest-api-resources.ts';
import { startTestGateway } from '../../../../support/test-gateway.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server;
let base = '';
const seen: Seen[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      if (request.url?.startsWith('/slow')) return;
      const status = request.url?.startsWith('/missing') ? 404 : 200;
      response.writeHead(status, { 'Content-Type': 'application/json', 'X-From': 'server', Location: '/elsewhere' });
      response.end('{"name":"Ada"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const fixture = (integration: Record<string, unknown>, route = 'ANY /files/{proxy+}'): RestApiFixture => ({
  methods: [{ route, integration }],
});

describe('an HTTP_PROXY integration', () => {
  test('passes the request and the answer through, parameters mapped over it', async () => {
    const gateway = await startTestGateway(
      fixture({
        Type: 'HTTP_PROXY',
        IntegrationHttpMethod: 'ANY',
        Uri: `${base}/v1/{proxy}`,
        RequestParameters: {
          'integration.request.path.proxy': 'method.request.path.proxy',
          'integration.request.header.X-Stage': 'context.stage',
          'integration.request.querystring.extra': "'1'",
        },
      }),
    );
    const init = { method: 'PUT', body: 'hello', headers: { 'content-type': 'text/plain', 'x-mine': 'a' } };
    const answer = await gateway.get('/files/a/b%20c?x=1&x=2', init);
    expect([answer.status, answer.json, answer.headers.get('x-from')]).toEqual([200, { name: 'Ada' }, 'server']);
    expect(seen.at(-1)).toMatchObject({
      method: 'PUT',
      url: '/v1/a/b%20c?x=1&x=2&extra=1',
      headers: { 'content-type': 'text/plain', 'x-mine': 'a', 'x-stage': 'dev', 'x-forwarded-for': '127.0.0.1' },
      body: 'hello',
    });
  });

  test('passes a status through', async () => {
    const gateway = await startTestGateway(fixture({ Type: 'HTTP_PROXY', Uri: `${base}/missing` }));
    expect((await gateway.get('/files/x')).status).toBe(404);
  });

  test('is a 504 where nobody listens, with the reason', async () => {
    const gateway = await startTestGateway(fixture({ Type: 'HTTP_PROXY', Uri: 'http://127.0.0.1:1/' }));
    expect((await gateway.get('/files/x')).status).toBe(504);
    expect(gateway.access[0]?.refusal?.responseType).toBe('INTEGRATION_FAILURE');
    expect(gateway.access[0]?.refusal?.reason).toMatch(/^http:\/\/127\.0\.0\.1:1\/ cannot be reached: /);
  });

  test('is a 504 where the server takes longer than its time', async () => {
    const integration = { Type: 'HTTP_PROXY', Uri: `${base}/slow`, TimeoutInMillis: 50 };
    const gateway = await startTestGateway(fixture(integration));
    const answer = await gateway.get('/files/x');
    expect([answer.status, answer.json]).toEqual([504, { message: 'Endpoint request timed out' }]);
  });
});

describe('an HTTP integration', () => {
  const responses = [
    {
      StatusCode: '200',
      ResponseParameters: { 'method.response.header.X-Copied': 'integration.response.header.X-From' },
      ResponseTemplates: { 'application/json': `{"hello":"$input.path('$.name')"}` },
    },
    { StatusCode: '410', SelectionPattern: '404' },
  ];

  test('sends what is mapped and nothing else, and maps the answer', async () => {
    const { get } = await startTestGateway({
      ...fixture(
        {
          ...{ Type: 'HTTP', IntegrationHttpMethod: 'POST', Uri: `\${stageVariables.base}/people/{id}` },
          RequestParameters: { 'integration.request.path.id': 'method.request.path.id' },
          RequestTemplates: { 'application/json': `{"asked":$input.json('$.q')}` },
          IntegrationResponses: responses,
        },
        'POST /people/{id}',
      ),
      stage: { Variables: { base } },
    });
    const headers = { 'x-mine': 'a', 'content-type': 'application/json' };
    const answer = await get('/people/7', { method: 'POST', body: '{"q":"who"}', headers });
    expect([answer.json, answer.headers.get('x-copied')]).toEqual([{ hello: 'Ada' }, 'server']);
    expect(seen.at(-1)).toMatchObject({ method: 'POST', url: '/people/7', body: '{"asked":"who"}' });
    expect(seen.at(-1)?.headers).not.toHaveProperty('x-mine');
  });

  test('chooses its response by the status of the server', async () => {
    const gateway = await startTestGateway(
      fixture({ Type: 'HTTP', IntegrationHttpMethod: 'GET', Uri: `${base}/missing`, IntegrationResponses: responses }),
    );
    expect((await gateway.get('/files/x')).status).toBe(410);
  });
});

describe('a template with an HTTP integration', () => {
  test.each([
    [{ Type: 'HTTP_PROXY', Uri: 'ftp://x' }, 'Uri must be a URL that begins with http:// or https://, got "ftp://x"'],
    [
      { Type: 'HTTP', Uri: 'http://x', ConnectionType: 'VPC_LINK' },
      'ConnectionType must be INTERNET, since the twin has no VPC link, got "VPC_LINK"',
    ],
  ])('fails at start on %j', async (integration, message) => {
    await expect(startTestGateway(fixture(integration))).rejects.toThrow(message);
  });
});
