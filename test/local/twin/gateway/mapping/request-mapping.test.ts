import { describe, expect, test } from 'vitest';
import type { RestApiFixture } from '../../../../support/rest-api-resources.ts';
import { invocationUri } from '../../../../support/rest-api-resources.ts';
import { allowing, startTestGateway } from '../../../../support/test-gateway.ts';

const JSON_TYPE = 'application/json';

/** A function behind AWS, so that the mapped body is the event that it gets. */
function mapped(integration: Record<string, unknown>, more: RestApiFixture = {}): RestApiFixture {
  const Integration = {
    Type: 'AWS',
    IntegrationHttpMethod: 'POST',
    Uri: invocationUri('service'),
    IntegrationResponses: [{ StatusCode: '200' }],
    ...integration,
  };
  return {
    ...more,
    methods: [{ route: 'POST /things/{id}', integration: Integration, ...more.methods?.[0] }],
  };
}
const post = (body: string | Uint8Array<ArrayBuffer>, contentType?: string): RequestInit => ({
  method: 'POST',
  body: typeof body === 'string' ? Buffer.from(body) : body,
  ...(contentType !== undefined && { headers: { 'content-type': contentType } }),
});

describe('a request template', () => {
  test('has $input, $util, $context and $stageVariables', async () => {
    const template = `#set($body = $input.path('$'))
{
  "id": "$input.params('id')", "q": "$input.params('q')", "h": "$input.params('X-Tag')", "none": "$input.params('x')",
  "name": "$util.escapeJavaScript($body.name).replaceAll("\\\\'", "'")",
  "tags": [#foreach($tag in $body.tags)"$tag"#if($foreach.hasNext), #end#end],
  "first": $input.json('$.tags[0]'), "missing": $input.json('$.nothing'), "all": $input.json('$'),
  "raw": "$util.base64Encode($input.body)",
  "route": "$context.httpMethod $context.resourcePath", "ip": "$context.identity.sourceIp",
  "caller": "$context.identity.caller", "user": "$context.authorizer.principalId $context.authorizer.level",
  "table": "$stageVariables.table", "queryKeys": "$input.params().querystring.keySet()"
}`;
    const gateway = await startTestGateway(
      mapped(
        { RequestTemplates: { [JSON_TYPE]: template } },
        {
          stage: { Variables: { table: 'things' } },
          authorizers: { jwt: {} },
          methods: [{ route: 'POST /things/{id}', authorizer: 'jwt' }],
        },
      ),
      { authorizer: () => allowing('*', { context: { level: 3 } }) },
    );
    const body = '{"name":"it\'s \\"me\\"","tags":["a","b"]}';
    const headers = { 'content-type': `${JSON_TYPE}; charset=utf-8`, 'x-tag': 'blue', authorization: 't' };
    expect((await gateway.get('/things/a%20b?q=1', { method: 'POST', body, headers })).status).toBe(200);
    expect(gateway.calls.service).toEqual([
      {
        ...{ id: 'a b', q: '1', h: 'blue', none: '' },
        name: 'it\'s "me"',
        tags: ['a', 'b'],
        ...{ first: 'a', missing: '', all: { name: 'it\'s "me"', tags: ['a', 'b'] } },
        raw: Buffer.from(body).toString('base64'),
        ...{ route: 'POST /things/{id}', ip: '127.0.0.1', caller: '', user: 'user-1 3' },
        ...{ table: 'things', queryKeys: '[q]' },
      },
    ]);
  });

  test('is the one for the type of the request, and JSON counts where it has none', async () => {
    const RequestTemplates = { [JSON_TYPE]: '{"as":"json"}', 'text/plain': '{"as":"text"}' };
    const gateway = await startTestGateway(mapped({ RequestTemplates }));
    await gateway.get('/things/1', post('x', 'Text/Plain; charset=x'));
    await gateway.get('/things/1', post('{}'));
    expect(gateway.calls.service).toEqual([{ as: 'text' }, { as: 'json' }]);
  });

  test.each([
    [
      'fails when it runs',
      '$input.body.hashCode()',
      /^the request template failed: a template of the twin has no method/,
    ],
    ['does not parse JSON', '$util.parseJson($input.body)', /^the request template failed: .*JSON/],
  ])('that %s is a 500 with the reason in the access entry', async (_, template, reason) => {
    const gateway = await startTestGateway(mapped({ RequestTemplates: { [JSON_TYPE]: template } }));
    expect((await gateway.get('/things/1', post('x', JSON_TYPE))).status).toBe(500);
    expect(gateway.access[0]?.refusal?.reason).toMatch(reason);
  });

  test('fails at start where it is no template', async () => {
    const RequestTemplates = { [JSON_TYPE]: '#foreach($x in ) #end' };
    await expect(startTestGateway(mapped({ RequestTemplates }))).rejects.toThrow(
      /Method POST \/things\/\{id\}: RequestTemplates for application\/json is no Velocity template: Parse error on line 1/,
    );
  });
});

describe('PassthroughBehavior', () => {
  const template = { [JSON_TYPE]: '{"from":"template"}' };
  const body = '{"from":"caller"}';

  test.each<[string | undefined, Record<string, string> | undefined, string, 'template' | 'caller' | 415]>([
    [undefined, template, JSON_TYPE, 'template'],
    [undefined, template, 'text/plain', 'caller'],
    ['WHEN_NO_MATCH', template, 'text/plain', 'caller'],
    ['WHEN_NO_MATCH', undefined, JSON_TYPE, 'caller'],
    ['WHEN_NO_TEMPLATES', template, JSON_TYPE, 'template'],
    ['WHEN_NO_TEMPLATES', template, 'text/plain', 415],
    ['WHEN_NO_TEMPLATES', undefined, 'text/plain', 'caller'],
    ['NEVER', template, JSON_TYPE, 'template'],
    ['NEVER', template, 'text/plain', 415],
    ['NEVER', undefined, JSON_TYPE, 415],
  ])('%s with templates %j and %s: %s', async (PassthroughBehavior, RequestTemplates, type, expected) => {
    const gateway = await startTestGateway(mapped({ PassthroughBehavior, RequestTemplates }));
    const answer = await gateway.get('/things/1', post(body, type));
    if (expected === 415) {
      expect([answer.status, answer.json]).toEqual([415, { message: 'Unsupported Media Type' }]);
      expect(answer.headers.get('x-amzn-errortype')).toBe('BadRequestException');
      expect(gateway.access[0]?.refusal?.responseType).toBe('UNSUPPORTED_MEDIA_TYPE');
    } else {
      expect(gateway.calls.service).toEqual([{ from: expected }]);
    }
  });

  test('fails at start on any other value', async () => {
    await expect(startTestGateway(mapped({ PassthroughBehavior: 'SOMETIMES' }))).rejects.toThrow(
      'Integration.PassthroughBehavior must be one of WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER, got "SOMETIMES"',
    );
  });
});

describe('ContentHandling', () => {
  const RequestTemplates = { 'image/png': '{"image":"$input.body"}' };
  const api = { BinaryMediaTypes: ['image/png'] };

  test('CONVERT_TO_TEXT makes Base64 of bytes, for a template to use', async () => {
    const gateway = await startTestGateway(mapped({ RequestTemplates, ContentHandling: 'CONVERT_TO_TEXT' }, { api }));
    await gateway.get('/things/1', post(new Uint8Array([0, 255]), 'image/png'));
    expect(gateway.calls.service).toEqual([{ image: 'AP8=' }]);
  });

  test('bytes that a template should map are a 500', async () => {
    const gateway = await startTestGateway(mapped({ RequestTemplates }, { api }));
    expect((await gateway.get('/things/1', post(new Uint8Array([0, 255]), 'image/png'))).status).toBe(500);
    expect(gateway.access[0]?.refusal?.reason).toBe(
      'a template cannot map a binary body; set ContentHandling CONVERT_TO_TEXT',
    );
  });

  test('CONVERT_TO_BINARY decodes the Base64 of a text', async () => {
    const gateway = await startTestGateway(mapped({ ContentHandling: 'CONVERT_TO_BINARY' }));
    await gateway.get('/things/1', post(Buffer.from('{"a":1}').toString('base64'), JSON_TYPE));
    expect(gateway.calls.service).toEqual([{ a: 1 }]);
  });

  test('fails at start on any other value', async () => {
    await expect(startTestGateway(mapped({ ContentHandling: 'ZIP' }))).rejects.toThrow(
      'Integration.ContentHandling must be CONVERT_TO_BINARY or CONVERT_TO_TEXT, got "ZIP"',
    );
  });
});
