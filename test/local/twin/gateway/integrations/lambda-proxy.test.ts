import { describe, expect, test } from 'vitest';
import { functionArn } from '../../../../support/rest-api-resources.ts';
import { failed, startTestGateway } from '../../../../support/test-gateway.ts';

describe('the event of a Lambda proxy integration', () => {
  test('is what API Gateway sends', async () => {
    const gateway = await startTestGateway({
      methods: [{ route: 'POST /things/{id}', properties: { OperationName: 'Change' } }],
      stage: { Variables: { color: 'blue' } },
    });
    const answer = await gateway.get('/things/a%2Fb%20c?one=1&two=2&two=%203+4&flag', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'test',
      },
      body: '{"text":"é"}',
    });
    const { headers, multiValueHeaders, ...event } = gateway.calls.service?.[0] ?? { headers: {} };
    const trace = expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(headers).toMatchObject({
      Host: `127.0.0.1:${gateway.port}`,
      'User-Agent': 'test',
      'content-type': 'application/json',
      'X-Forwarded-For': '127.0.0.1',
      'X-Forwarded-Port': String(gateway.port),
      'X-Forwarded-Proto': 'http',
      'X-Amzn-Trace-Id': trace,
    });
    expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toContain('content-length');
    expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toContain('connection');
    expect(multiValueHeaders).toMatchObject({ 'content-type': ['application/json'] });
    expect(event).toEqual({
      resource: '/things/{id}',
      path: '/things/a%2Fb%20c',
      httpMethod: 'POST',
      queryStringParameters: { one: '1', two: ' 3 4', flag: '' },
      multiValueQueryStringParameters: { one: ['1'], two: ['2', ' 3 4'], flag: [''] },
      pathParameters: { id: 'a/b c' },
      stageVariables: { color: 'blue' },
      requestContext: {
        accountId: '123456789012',
        apiId: 'a1b2c3d4e5',
        deploymentId: 'dep1',
        domainName: `127.0.0.1:${gateway.port}`,
        domainPrefix: '127',
        extendedRequestId: answer.headers.get('x-amz-apigw-id'),
        httpMethod: 'POST',
        identity: {
          accessKey: null,
          accountId: null,
          caller: null,
          cognitoAuthenticationProvider: null,
          cognitoAuthenticationType: null,
          cognitoIdentityId: null,
          cognitoIdentityPoolId: null,
          principalOrgId: null,
          sourceIp: '127.0.0.1',
          user: null,
          userAgent: 'test',
          userArn: null,
        },
        operationName: 'Change',
        path: '/things/a%2Fb%20c',
        protocol: 'HTTP/1.1',
        requestId: answer.headers.get('x-amzn-requestid'),
        requestTime: '22/Nov/2026:00:00:00 +0000',
        requestTimeEpoch: Date.UTC(2026, 10, 22),
        resourceId: 'resource-things/{id}',
        resourcePath: '/things/{id}',
        stage: 'dev',
      },
      body: '{"text":"é"}',
      isBase64Encoded: false,
    });
  });

  test('has null for whatever is empty', async () => {
    const gateway = await startTestGateway({});
    await gateway.get('/things');
    expect(gateway.calls.service?.[0]).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
      body: null,
      isBase64Encoded: false,
    });
  });

  test('keeps parameters that only an object knows', async () => {
    const gateway = await startTestGateway({});
    await gateway.get('/things?__proto__=1&constructor=2');
    expect(Object.entries(gateway.calls.service?.[0]?.queryStringParameters ?? {})).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });

  test('has a binary body in base64 where the API takes its type for binary', async () => {
    const gateway = await startTestGateway({
      methods: [{ route: 'POST /things' }],
      api: { BinaryMediaTypes: ['image~1*'] },
    });
    const body = Buffer.from([0xff, 0x00, 0xfe]);
    await gateway.get('/things', { method: 'POST', body, headers: { 'content-type': 'image/png' } });
    await gateway.get('/things', { method: 'POST', body: 'text', headers: { 'content-type': 'text/plain' } });
    expect(gateway.calls.service?.[0]).toMatchObject({ body: '/wD+', isBase64Encoded: true });
    expect(gateway.calls.service?.[1]).toMatchObject({ body: 'text', isBase64Encoded: false });
  });
});

describe('the answer of a Lambda proxy integration', () => {
  const answerTo = async (payload: unknown, init?: RequestInit, api: Record<string, unknown> = {}) => {
    const gateway = await startTestGateway({ api }, { service: () => payload });
    return { answer: await gateway.get('/things', init), access: gateway.access };
  };

  test('goes out with its status, headers and body', async () => {
    const { answer } = await answerTo({
      statusCode: '201',
      headers: { Location: '/things/1', 'X-Flag': true },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
      body: 'é',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe('/things/1');
    expect(answer.headers.get('x-flag')).toBe('true');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('content-length')).toBe('2');
    expect(answer.text).toBe('é');
  });

  test('merges the two kinds of headers, and takes equal pairs for one', async () => {
    const { answer } = await answerTo({
      headers: { 'X-A': '1', 'X-B': '1' },
      multiValueHeaders: { 'X-A': ['1', '2'] },
    });
    expect(answer.headers.get('x-a')).toBe('1, 2');
    expect(answer.headers.get('x-b')).toBe('1');
  });

  test('may be empty: 200 without a body', async () => {
    const { answer } = await answerTo({});
    expect([answer.status, answer.text]).toEqual([200, '']);
  });

  test('renames the headers that belong to the gateway', async () => {
    const { answer } = await answerTo({
      headers: { 'WWW-Authenticate': 'Bearer', 'Content-Length': '999', Server: 'x' },
    });
    expect(answer.headers.get('x-amzn-remapped-www-authenticate')).toBe('Bearer');
    expect(answer.headers.get('www-authenticate')).toBeNull();
    expect(answer.headers.get('content-length')).toBe('0');
  });

  test('decodes base64 only for an API and a caller that take the type for binary', async () => {
    const payload = { body: 'aGk=', isBase64Encoded: true, headers: { 'Content-Type': 'image/png' } };
    const types = { BinaryMediaTypes: ['image/png'] };
    const accept = { headers: { accept: 'image/png, */*' } };
    expect((await answerTo(payload, accept, types)).answer.text).toBe('hi');
    expect((await answerTo(payload, accept)).answer.text).toBe('aGk=');
    expect((await answerTo(payload, {}, types)).answer.text).toBe('aGk=');
  });

  test.each([
    [null, 'it returned null, not an object'],
    ['text', 'it returned string, not an object'],
    [{ status: 200 }, "it returned the unknown field 'status'"],
    [{ statusCode: 'ok' }, 'its statusCode must be a whole number from 200 to 599, got "ok"'],
    [{ statusCode: 199 }, 'its statusCode must be a whole number from 200 to 599, got 199'],
    [{ statusCode: 600 }, 'its statusCode must be a whole number from 200 to 599, got 600'],
    [{ body: { a: 1 } }, 'its body must be a string, got object; use JSON.stringify'],
    [{ headers: 'x' }, 'its headers must be an object'],
    [{ headers: { a: 1 } }, 'its header a must be a string, got 1'],
    [{ headers: { a: 'x\r\ny: 1' } }, 'its header "a" has characters that a header must not have'],
    [{ headers: { 'a b': 'x' } }, 'its header "a b" has characters that a header must not have'],
    [{ multiValueHeaders: { a: 'x' } }, 'its multiValueHeaders.a must be a list of strings'],
  ])('fails with 502 on %j', async (payload, reason) => {
    const { answer, access } = await answerTo(payload);
    expect([answer.status, answer.json]).toEqual([502, { message: 'Internal server error' }]);
    expect(answer.headers.get('x-amzn-errortype')).toBe('InternalServerErrorException');
    expect(access[0]?.refusal).toEqual({
      responseType: 'DEFAULT_5XX',
      reason: `malformed Lambda proxy response of ${functionArn('service')}: ${reason}`,
    });
  });

  test.each([
    ['a function that fails', failed('failed', 'TypeError', 'x is undefined'), 502],
    ['a function that times out', failed('timed-out', 'Sandbox.Timedout', 'Task timed out after 3.00 seconds'), 502],
    ['an invocation that Lambda throttles', failed('throttled', 'TooManyRequestsException', 'Rate Exceeded.'), 500],
    ['a function that does not exist', failed('unknown-function', 'ResourceNotFoundException', 'not found'), 500],
  ])("%s is AWS's internal server error", async (_, outcome, status) => {
    const { answer } = await answerTo(outcome);
    expect([answer.status, answer.json]).toEqual([status, { message: 'Internal server error' }]);
  });

  test('that takes longer than the method allows is a 504', async () => {
    const integration = {
      Type: 'AWS_PROXY',
      Uri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${functionArn('slow')}/invocations`,
      TimeoutInMillis: 50,
    };
    const gateway = await startTestGateway(
      { methods: [{ route: 'GET /things', integration }] },
      { slow: () => new Promise((resolve) => setTimeout(resolve, 200, { statusCode: 200 })) },
    );
    const answer = await gateway.get('/things');
    expect([answer.status, answer.json]).toEqual([504, { message: 'Endpoint request timed out' }]);
    expect(gateway.access[0]?.refusal).toEqual({
      responseType: 'INTEGRATION_TIMEOUT',
      reason: `${functionArn('slow')} did not answer within 50 ms`,
    });
  });

  test('an alias stays part of the ARN that is invoked', async () => {
    const gateway = await startTestGateway(
      { methods: [{ route: 'GET /things', function: 'feed:live' }] },
      { 'feed:live': () => ({ statusCode: 204 }) },
    );
    expect((await gateway.get('/things')).status).toBe(204);
  });
});
