import { describe, expect, test } from 'vitest';
import { invocationUri, type RestApiFixture } from '../../../../support/rest-api-resources.ts';
import { failed, startTestGateway } from '../../../../support/test-gateway.ts';

const JSON_TYPE = 'application/json';
const mapped = (IntegrationResponses: object[], more: RestApiFixture = {}): RestApiFixture => ({
  ...more,
  methods: [
    {
      route: 'GET /things',
      integration: { Type: 'AWS', IntegrationHttpMethod: 'POST', Uri: invocationUri('service'), IntegrationResponses },
    },
  ],
});

describe('an integration response', () => {
  test('without a template passes the body on, as JSON', async () => {
    const { get } = await startTestGateway(mapped([{ StatusCode: '201' }]), { service: () => ({ a: 1 }) });
    const answer = await get('/things');
    expect([answer.status, answer.text]).toEqual([201, '{"a":1}']);
    expect(answer.headers.get('content-type')).toBe(JSON_TYPE);
  });

  test('maps headers out of literals, the answer, the request and the context', async () => {
    const ResponseParameters = {
      'method.response.header.X-Literal': "'yes'",
      'method.response.header.X-Name': 'integration.response.body.person.name',
      'method.response.header.X-List': 'integration.response.body.list',
      'method.response.header.X-None': 'integration.response.body.nothing',
      'method.response.header.X-Query': 'method.request.querystring.q',
      'method.response.header.X-Stage': 'context.stage',
      'method.response.header.Content-Type': "'text/csv'",
    };
    const { get } = await startTestGateway(mapped([{ StatusCode: '200', ResponseParameters }]), {
      service: () => ({ person: { name: 'Ada' }, list: [1] }),
    });
    const { headers } = await get('/things?q=7');
    const names = ['x-literal', 'x-name', 'x-list', 'x-none', 'x-query', 'x-stage', 'content-type'];
    expect(names.map((name) => headers.get(name))).toEqual(['yes', 'Ada', '[1]', null, '7', 'dev', 'text/csv']);
  });

  test('is rendered by the template that the caller accepts', async () => {
    const ResponseTemplates = {
      'application/xml': "<name>$input.path('$.name')</name>",
      [JSON_TYPE]: `{"name":"$input.path('$.name')"}`,
    };
    const { get } = await startTestGateway(mapped([{ StatusCode: '200', ResponseTemplates }]), {
      service: () => ({ name: 'Ada' }),
    });
    const xml = await get('/things', { headers: { accept: 'text/html, application/xml;q=0.9' } });
    expect([xml.headers.get('content-type'), xml.text]).toEqual(['application/xml', '<name>Ada</name>']);
    expect((await get('/things')).json).toEqual({ name: 'Ada' });
  });

  test('may set the status and headers in its template', async () => {
    const template = `#set($found = $input.path('$.found'))
#if(!$found)#set($context.responseOverride.status = 404)#set($context.responseOverride.header.X-Why = "none")#end
{"found":$found}`;
    const { get } = await startTestGateway(
      mapped([{ StatusCode: '200', ResponseTemplates: { [JSON_TYPE]: template } }]),
      { service: () => ({ found: false }) },
    );
    const answer = await get('/things');
    expect([answer.status, answer.json, answer.headers.get('x-why')]).toEqual([404, { found: false }, 'none']);
  });

  test.each([
    ['fails', "$input.path('$').nothing.hashCode()$input.body.hashCode()", /^the response template failed: /],
    [
      'sets a status that is none',
      '#set($context.responseOverride.status = 99)',
      /^the response template set the status 99$/,
    ],
  ])('whose template %s is a 500', async (_, template, reason) => {
    const gateway = await startTestGateway(
      mapped([{ StatusCode: '200', ResponseTemplates: { [JSON_TYPE]: template } }]),
    );
    expect((await gateway.get('/things')).status).toBe(500);
    expect(gateway.access[0]?.refusal?.reason).toMatch(reason);
  });

  test('with CONVERT_TO_BINARY decodes the Base64 that a template brings out', async () => {
    const ResponseTemplates = { 'image/png': "$input.path('$.image')" };
    const { url } = await startTestGateway(
      mapped([{ StatusCode: '200', ContentHandling: 'CONVERT_TO_BINARY', ResponseTemplates }]),
      { service: () => ({ image: 'AP8=' }) },
    );
    const answer = await fetch(`${url}/things`);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array([0, 255]));
    expect(answer.headers.get('content-type')).toBe('image/png');
  });

  test.each([
    [{ 'method.response.header.X': 'integration.request.header.X' }],
    [{ 'integration.response.header.X': "'x'" }],
  ])('fails at start on the parameter %j', async (ResponseParameters) => {
    await expect(startTestGateway(mapped([{ StatusCode: '200', ResponseParameters }]))).rejects.toThrow(
      "IntegrationResponses[0].ResponseParameters must be method.response.header names with 'literals'",
    );
  });
});

describe('SelectionPattern', () => {
  const responses = [
    { StatusCode: '200' },
    { StatusCode: '404', SelectionPattern: 'Not found: .*' },
    { StatusCode: '500', SelectionPattern: '(.|\\n)+' },
  ];

  test.each<[string, unknown, number]>([
    ['no error', { a: 1 }, 200],
    ['an error with its pattern', failed('failed', 'Error', 'Not found: 7'), 404],
    ['an error of another kind', failed('failed', 'Error', 'It is Not found: 7\nreally'), 500],
    ['a time-out', failed('timed-out', 'Sandbox.Timedout', 'Task timed out after 3.00 seconds'), 500],
  ])('with %s', async (_, outcome, status) => {
    const { get } = await startTestGateway(mapped(responses), { service: () => outcome });
    expect((await get('/things')).status).toBe(status);
  });

  test('that no error matches leaves it to the default, error and all', async () => {
    const { get } = await startTestGateway(mapped([{ StatusCode: '200' }]), {
      service: () => failed('failed', 'TypeError', 'no'),
    });
    const answer = await get('/things');
    expect([answer.status, answer.json]).toEqual([200, { errorMessage: 'no', errorType: 'TypeError' }]);
  });

  test('without a default is a 500', async () => {
    const gateway = await startTestGateway(mapped([{ StatusCode: '404', SelectionPattern: 'x' }]));
    expect((await gateway.get('/things')).status).toBe(500);
    expect(gateway.access[0]?.refusal).toEqual({
      responseType: 'API_CONFIGURATION_ERROR',
      reason: "no IntegrationResponse matches '' (status 200), and none is the default",
    });
  });
});
