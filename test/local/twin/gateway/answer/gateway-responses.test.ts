import { describe, expect, test } from 'vitest';
import { createGateway } from '../../../../../local/twin/gateway/create-gateway.ts';
import { restApiResources } from '../../../../support/rest-api-resources.ts';
import { startTestGateway } from '../../../../support/test-gateway.ts';

const json = (template: string) => ({ ResponseTemplates: { 'application/json': template } });

describe('gateway responses', () => {
  test('have the status, headers and body that the template gives their type', async () => {
    const { get } = await startTestGateway({
      gatewayResponses: {
        MISSING_AUTHENTICATION_TOKEN: {
          StatusCode: '404',
          ResponseParameters: {
            'gatewayresponse.header.Content-Type': "'application/problem+json'",
            'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
            'gatewayresponse.header.X-Echo': 'method.request.header.X-In',
            'gatewayresponse.header.X-Query': 'method.request.querystring.q',
            'gatewayresponse.header.X-Request': 'context.requestId',
            'gatewayresponse.header.X-None': 'method.request.header.X-None',
          },
          ...json('{"type":"$context.error.responseType","status":404,"instance":"$context.requestId"}'),
        },
      },
    });
    const answer = await get('/nowhere?q=1', { headers: { 'x-in': 'in' } });
    const id = answer.headers.get('x-amzn-requestid');
    expect(answer.status).toBe(404);
    expect(answer.json).toEqual({ type: 'MISSING_AUTHENTICATION_TOKEN', status: 404, instance: id });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/problem+json',
      'access-control-allow-origin': '*',
      'x-echo': 'in',
      'x-query': '1',
      'x-request': id,
    });
    expect(answer.headers.has('x-none')).toBe(false);
  });

  test('without one of their own go by DEFAULT_4XX and DEFAULT_5XX, which keep the status unless they set one', async () => {
    const { get } = await startTestGateway(
      {
        gatewayResponses: {
          DEFAULT_4XX: json('{"status":$context.status,"type":"$context.error.responseType"}'),
          DEFAULT_5XX: { StatusCode: '503', ...json('{"message":$context.error.messageString}') },
        },
      },
      { service: () => 'malformed' },
    );
    expect((await get('/nowhere')).text).toBe('{"status":403,"type":"MISSING_AUTHENTICATION_TOKEN"}');
    const broken = await get('/things');
    expect([broken.status, broken.json]).toEqual([503, { message: 'Internal server error' }]);
  });

  test('quote messageString, put message in as it is, and leave nothing where a variable has no value', async () => {
    const { get } = await startTestGateway({
      gatewayResponses: {
        MISSING_AUTHENTICATION_TOKEN: json(
          `[$context.error.messageString,"$context.error.message","$context.authorizer.sub","\${context.stage}x"]`,
        ),
      },
    });
    expect((await get('/nowhere')).json).toEqual([
      'Missing Authentication Token',
      'Missing Authentication Token',
      '',
      'devx',
    ]);
  });

  test('stay JSON whatever a caller writes', async () => {
    const { get } = await startTestGateway({
      gatewayResponses: { MISSING_AUTHENTICATION_TOKEN: json('{"agent":"$context.identity.userAgent"}') },
    });
    const agent = '"},{"x":"\\';
    expect((await get('/nowhere', { headers: { 'user-agent': agent } })).json).toEqual({ agent });
  });

  test('may come in several types: the caller takes his pick', async () => {
    const { get } = await startTestGateway({
      gatewayResponses: {
        MISSING_AUTHENTICATION_TOKEN: {
          ResponseTemplates: { 'application/json': '{"a":1}', 'text/plain': '$context.error.message' },
        },
      },
    });
    const plain = await get('/nowhere', { headers: { accept: 'text/html, text/plain;q=0.9' } });
    expect([plain.headers.get('content-type'), plain.text]).toEqual(['text/plain', 'Missing Authentication Token']);
    expect((await get('/nowhere', { headers: { accept: '*/*' } })).text).toBe('{"a":1}');
  });

  test('a mapped value that no header may hold is a 500, not a crash', async () => {
    const { get } = await startTestGateway({
      gatewayResponses: {
        MISSING_AUTHENTICATION_TOKEN: {
          ResponseParameters: { 'gatewayresponse.header.X-Query': 'method.request.querystring.q' },
        },
      },
    });
    expect((await get('/nowhere?q=a%0d%0ab')).status).toBe(500);
    expect((await get('/nowhere?q=a')).status).toBe(403);
  });

  test.each([
    ['NO_SUCH_TYPE', {}, 'ResponseType must be a gateway response type of API Gateway, got "NO_SUCH_TYPE"'],
    ['THROTTLED', { StatusCode: 'x' }, 'StatusCode must be a number, got "x"'],
    ['THROTTLED', { StatusCode: '99' }, 'StatusCode must be an HTTP status, got "99"'],
    [
      'THROTTLED',
      { ResponseParameters: { 'gatewayresponse.header.X': 'unquoted' } },
      'ResponseParameters must be gatewayresponse.header names with \'literals\' or request parameters, got {"gatewayresponse.header.X":"unquoted"}',
    ],
  ])('fails at start on %s %j', (type, properties, sentence) => {
    const resources = restApiResources({ gatewayResponses: { [type]: properties } });
    const options = {
      invoke: async () => ({ ok: true, payload: {} }) as const,
      nowMs: () => 0,
      region: 'x',
      accountId: 'y',
    };
    expect(() => createGateway(resources, options)).toThrow(
      `AWS::ApiGateway::GatewayResponse Response ${type}: ${sentence}`,
    );
  });
});
