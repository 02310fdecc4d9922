import { describe, expect, test } from 'vitest';
import { createGateway } from '../../../../../local/twin/gateway/create-gateway.ts';
import { sendRaw } from '../../../../support/raw-http.ts';
import { type RestApiFixture, restApiResources } from '../../../../support/rest-api-resources.ts';
import { startTestGateway } from '../../../../support/test-gateway.ts';

const preflight = {
  Type: 'MOCK',
  RequestTemplates: { 'application/json': '{ statusCode: 200 }' },
  IntegrationResponses: [
    {
      StatusCode: '204',
      ResponseParameters: {
        'method.response.header.Access-Control-Allow-Origin': "'*'",
        'method.response.header.Access-Control-Allow-Methods': "'GET,POST'",
        'method.response.header.Vary': 'method.request.header.X-None',
      },
    },
  ],
};
const fixture = (integration: Record<string, unknown>): RestApiFixture => ({
  methods: [{ route: 'OPTIONS /things', integration }, { route: 'GET /things' }],
});

describe('a MOCK integration', () => {
  test('answers a CORS preflight with the headers of the template', async () => {
    const gateway = await startTestGateway(fixture(preflight));
    const answer = await gateway.get('/things', {
      method: 'OPTIONS',
      headers: { origin: 'https://example.com', 'access-control-request-method': 'POST' },
    });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-methods')).toBe('GET,POST');
    expect(answer.headers.has('vary')).toBe(false);
    expect(gateway.calls.service).toBeUndefined();
  });

  test('may have a body with variables', async () => {
    const body = '{"at":"$context.resourcePath"}';
    const gateway = await startTestGateway(
      fixture({
        Type: 'MOCK',
        RequestTemplates: { 'application/json': '{"statusCode": 200}' },
        IntegrationResponses: [{ StatusCode: '200', ResponseTemplates: { 'application/json': body } }],
      }),
    );
    expect((await gateway.get('/things', { method: 'OPTIONS' })).json).toEqual({ at: '/things' });
  });

  test('chooses its response by the status in its request template', async () => {
    const IntegrationResponses = [
      { StatusCode: '200' },
      { StatusCode: '404', SelectionPattern: '4\\d{2}' },
      { StatusCode: '500', SelectionPattern: '40' },
    ];
    const mock = (status: number) => ({
      Type: 'MOCK',
      RequestTemplates: { 'application/json': `{"statusCode": ${status}}` },
      IntegrationResponses,
    });
    const { get } = await startTestGateway({
      methods: [
        { route: 'GET /missing', integration: mock(404) },
        { route: 'GET /other', integration: mock(302) },
      ],
    });
    expect((await get('/missing')).status).toBe(404);
    expect((await get('/other')).status).toBe(200);
  });

  test('is a 500 where no response has its status', async () => {
    const gateway = await startTestGateway(fixture({ ...preflight, IntegrationResponses: [] }));
    expect((await gateway.get('/things', { method: 'OPTIONS' })).status).toBe(500);
    expect(gateway.access[0]?.refusal?.reason).toBe(
      "no IntegrationResponse matches '200' (status 200), and none is the default",
    );
  });

  test('chooses by what its request template works out', async () => {
    const gateway = await startTestGateway({
      methods: [
        {
          route: 'GET /things/{id}',
          integration: {
            Type: 'MOCK',
            RequestTemplates: {
              'application/json': `#if($input.params('id') == 'none'){"statusCode": 404}#else{"statusCode": 200}#end`,
            },
            IntegrationResponses: [
              { StatusCode: '200', ResponseTemplates: { 'application/json': `{"id":"$input.params('id')"}` } },
              { StatusCode: '404', SelectionPattern: '404' },
            ],
          },
        },
      ],
    });
    expect((await gateway.get('/things/7')).json).toEqual({ id: '7' });
    expect((await gateway.get('/things/none')).status).toBe(404);
  });

  test("answers a preflight for several origins as the CDK's template says", async () => {
    // As RestApi with defaultCorsPreflightOptions for two origins synthesizes it.
    const template = `#set($origin = $input.params().header.get("Origin"))
#if($origin == "")
  #set($origin = $input.params().header.get("origin"))
#end
#if($origin == "https://b.example")
  #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)
#end`;
    const ResponseParameters = { 'method.response.header.Access-Control-Allow-Origin': "'https://a.example'" };
    const ResponseTemplates = { 'application/json': template };
    const { port } = await startTestGateway(
      fixture({
        Type: 'MOCK',
        RequestTemplates: { 'application/json': '{ statusCode: 200 }' },
        IntegrationResponses: [{ StatusCode: '204', ResponseParameters, ResponseTemplates }],
      }),
    );
    const allowed = async (header: string) => {
      const request = `OPTIONS /things HTTP/1.1\r\nHost: x\r\n${header}Connection: close\r\n\r\n`;
      return /access-control-allow-origin: (.*)\r\n/i.exec(await sendRaw(port, [request]))?.[1];
    };
    expect(await allowed('Origin: https://b.example\r\n')).toBe('https://b.example');
    expect(await allowed('origin: https://b.example\r\n')).toBe('https://b.example');
    expect(await allowed('Origin: https://c.example\r\n')).toBe('https://a.example');
    expect(await allowed('')).toBe('https://a.example');
  });

  test('is a 500 where its request template gives no status', async () => {
    const RequestTemplates = { 'application/json': '{}' };
    const gateway = await startTestGateway(fixture({ ...preflight, RequestTemplates }));
    expect((await gateway.get('/things', { method: 'OPTIONS' })).status).toBe(500);
    expect(gateway.access[0]?.refusal?.reason).toBe(
      'the request template of a MOCK must give {"statusCode": …}, got "{}"',
    );
  });

  test.each([
    [
      { ...preflight, IntegrationResponses: [{ StatusCode: 'ok' }] },
      'Integration.IntegrationResponses[0].StatusCode must be an HTTP status, got "ok"',
    ],
    [
      { ...preflight, IntegrationResponses: [{ StatusCode: '204', SelectionPattern: '(' }] },
      'Integration.IntegrationResponses[0].SelectionPattern must be a regular expression, got "("',
    ],
  ])('fails at start on %j', (integration, sentence) => {
    const options = {
      invoke: async () => ({ ok: true, payload: {} }) as const,
      nowMs: () => 0,
      region: 'x',
      accountId: 'y',
    };
    expect(() => createGateway(restApiResources(fixture(integration)), options)).toThrow(
      `AWS::ApiGateway::Method Method OPTIONS /things: ${sentence}`,
    );
  });
});
