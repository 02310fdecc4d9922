import { describe, expect, it, test } from 'vitest';
import { lambdaResponse, lambdaResponseV1 } from '../../../../../local/twin/http-api/events/lambda-response.ts';
import { startTestHttpApi } from '../../../../support/test-http-api.ts';

const json = [['content-type', 'application/json']];
const text = ['content-type', 'text/plain; charset=utf-8'];

describe('lambdaResponse', () => {
  it.each([
    ['an object', { message: 'hi' }, '{"message":"hi"}'],
    ['a list', [1, 2], '[1,2]'],
    ['a string', 'Hello from Lambda!', 'Hello from Lambda!'],
    ['nothing', null, 'null'],
  ])('takes %s without a statusCode for the body of a 200', (_, payload, body) => {
    expect(lambdaResponse(payload)).toEqual({ kind: 'reply', status: 200, headers: json, body });
  });

  it('takes an object with a statusCode for the whole response', () => {
    const payload = {
      statusCode: 201,
      headers: { 'X-Number': 7, 'Content-Type': 'text/html', Connection: 'close' },
      cookies: ['a=1; Secure', 'b=2'],
      body: 'aGk=',
      isBase64Encoded: true,
    };
    expect(lambdaResponse(payload)).toEqual({
      kind: 'reply',
      status: 201,
      headers: [
        ['x-number', '7'],
        ['content-type', 'text/html'],
        ['set-cookie', 'a=1; Secure'],
        ['set-cookie', 'b=2'],
      ],
      body: Buffer.from('hi'),
    });
  });

  it.each([
    [
      'a status that is none',
      { statusCode: 'abc' },
      'its statusCode must be a whole number from 200 to 599, got "abc"',
    ],
    ['a status below 200', { statusCode: 199 }, 'its statusCode must be a whole number from 200 to 599, got 199'],
    [
      'a body that is an object',
      { statusCode: 200, body: {} },
      'its body must be a string, got object; use JSON.stringify',
    ],
    ['headers that are a list', { statusCode: 200, headers: [] }, 'its headers must be an object'],
    ['a header that is an object', { statusCode: 200, headers: { a: {} } }, 'its header a must be a string, got {}'],
    [
      'a header with a line break',
      { statusCode: 200, headers: { a: 'b\r\nc: d' } },
      'its header "a" has characters that a header must not have',
    ],
    ['cookies that are no list', { statusCode: 200, cookies: 'a=1' }, 'its cookies must be a list of strings'],
  ])('fails on %s', (_, payload, fault) => {
    expect(lambdaResponse(payload)).toBe(fault);
  });
});

describe('lambdaResponseV1', () => {
  it('sends every value of multiValueHeaders, and headers that are not among them', () => {
    const payload = { statusCode: 200, multiValueHeaders: { a: ['1', '2'] }, headers: { a: '3', b: '4' } };
    expect(lambdaResponseV1(payload)).toMatchObject({ headers: [['a', '1'], ['a', '2'], ['b', '4'], text], body: '' });
  });

  it.each([
    ['no statusCode', { body: 'x' }, 'it returned no statusCode, which payload format 1.0 asks for'],
    ['no object', 'x', 'it returned string, not an object'],
  ])('fails on %s', (_, payload, fault) => {
    expect(lambdaResponseV1(payload)).toBe(fault);
  });
});

test('cookies reach the client as set-cookie headers, and a base64 body as bytes', async () => {
  const { get } = await startTestHttpApi(
    {},
    {
      service: () => ({ statusCode: 200, cookies: ['a=1', 'b=2'], body: btoa('hi'), isBase64Encoded: true }),
    },
  );
  const answer = await get('/things');
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(answer.text).toBe('hi');
});
