import { describe, expect, test } from 'vitest';
import { sendRaw } from '../../../../support/raw-http.ts';
import { startTestHttpApi } from '../../../../support/test-http-api.ts';

const REQUEST = [
  'POST /my%20path/a?b=1&b=2&c=x%2Cy+z HTTP/1.1',
  'Host: api.example',
  'User-Agent: test',
  'X-Twice: one',
  'x-twice: two',
  'Cookie: first=1; second=2',
  'Cookie: third=3',
  'Content-Type: application/json',
  'Content-Length: 7',
  'Connection: close',
  '',
  '{"a":1}',
].join('\r\n');

async function eventOf(payloadFormat: string, request: string) {
  const { port, calls } = await startTestHttpApi({
    routes: [
      {
        key: 'POST /my path/{id}',
        integration: {
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: 'arn:aws:lambda:eu-west-1:123456789012:function:service',
          PayloadFormatVersion: payloadFormat,
        },
      },
    ],
  });
  await sendRaw(port, [request]);
  return { event: calls.service?.[0], port };
}

describe('lambdaEvent', () => {
  test('is what API Gateway sends in payload format 2.0', async () => {
    const { event, port } = await eventOf('2.0', REQUEST);
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'POST /my path/{id}',
      rawPath: '/my path/a',
      rawQueryString: 'b=1&b=2&c=x%2Cy+z',
      cookies: ['first=1', 'second=2', 'third=3'],
      headers: {
        host: 'api.example',
        'user-agent': 'test',
        'x-twice': 'one,two',
        'content-type': 'application/json',
        'content-length': '7',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-/),
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': String(port),
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { b: '1,2', c: 'x,y z' },
      pathParameters: { id: 'a' },
      requestContext: {
        accountId: '123456789012',
        apiId: 'a1b2c3d4e5',
        domainName: 'api.example',
        domainPrefix: 'api',
        http: {
          method: 'POST',
          path: '/my path/a',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: expect.stringMatching(/=$/),
        routeKey: 'POST /my path/{id}',
        stage: '$default',
        time: '01/Nov/2026:00:00:00 +0000',
        timeEpoch: Date.UTC(2026, 10, 1),
      },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
  });

  test('leaves out what is empty', async () => {
    const { get, calls } = await startTestHttpApi();
    await get('/things');
    expect(Object.keys(calls.service?.[0])).toEqual([
      'version',
      'routeKey',
      'rawPath',
      'rawQueryString',
      'headers',
      'requestContext',
      'isBase64Encoded',
    ]);
  });

  test.each([
    ['application/json; charset=utf-8', false],
    ['application/problem+json', false],
    ['text/csv', false],
    ['application/xml', false],
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
    ['image/png', true],
  ])('sends a body of type %s in base64: %s', async (type, isBase64Encoded) => {
    const { get, calls } = await startTestHttpApi({ routes: [{ key: 'POST /things' }] });
    await get('/things', { method: 'POST', body: 'a=1', headers: { 'content-type': type } });
    expect(calls.service?.[0]).toMatchObject({ isBase64Encoded, body: isBase64Encoded ? btoa('a=1') : 'a=1' });
  });
});

describe('lambdaEventV1', () => {
  test('is what API Gateway sends in payload format 1.0', async () => {
    const { event } = await eventOf('1.0', REQUEST);
    expect(event).toMatchObject({
      version: '1.0',
      resource: '/my path/{id}',
      path: '/my path/a',
      httpMethod: 'POST',
      headers: { 'x-twice': 'two', cookie: 'third=3' },
      multiValueHeaders: { 'x-twice': ['one', 'two'] },
      queryStringParameters: { b: '2', c: 'x,y z' },
      multiValueQueryStringParameters: { b: ['1', '2'], c: ['x,y z'] },
      requestContext: {
        accountId: '123456789012',
        apiId: 'a1b2c3d4e5',
        authorizer: { claims: null, scopes: null },
        domainName: 'api.example',
        httpMethod: 'POST',
        identity: { sourceIp: '127.0.0.1', userAgent: 'test', caller: null },
        path: '/my path/a',
        protocol: 'HTTP/1.1',
        resourcePath: '/my path/{id}',
        stage: '$default',
      },
      pathParameters: { id: 'a' },
      stageVariables: null,
      body: '{"a":1}',
      isBase64Encoded: false,
    });
  });

  test('has null for what is empty', async () => {
    const { event } = await eventOf('1.0', 'POST /my%20path/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(event).toMatchObject({ queryStringParameters: null, multiValueQueryStringParameters: null, body: null });
  });
});
