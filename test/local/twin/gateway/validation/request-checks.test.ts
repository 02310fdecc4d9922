import { describe, expect, test } from 'vitest';
import { createGateway } from '../../../../../local/twin/gateway/create-gateway.ts';
import { type RestApiFixture, restApiResources } from '../../../../support/rest-api-resources.ts';
import { startTestGateway } from '../../../../support/test-gateway.ts';

const draft4 = { $schema: 'http://json-schema.org/draft-04/schema#' };
const Post = {
  ...draft4,
  type: 'object',
  properties: {
    text: { type: 'string', minLength: 1, maxLength: 5, pattern: '\\S' },
    rank: { type: 'integer', minimum: 1, maximum: 5, exclusiveMaximum: true },
    kind: { enum: ['a', 'b'] },
    tags: { type: 'array', maxItems: 1 },
  },
  required: ['text'],
  additionalProperties: false,
};

function validated(properties: Record<string, unknown>, models: Record<string, unknown> = { Post }): RestApiFixture {
  return {
    methods: [{ route: 'POST /things', properties: { RequestValidatorId: 'validator', ...properties } }],
    models,
    gatewayResponses: {
      BAD_REQUEST_BODY: {
        ResponseTemplates: { 'application/json': '{"detail":"$context.error.validationErrorString"}' },
      },
    },
  };
}
const withPost = validated({ RequestModels: { 'application/json': 'Post' } });
const post = (body: string, type = 'application/json') => ({ method: 'POST', body, headers: { 'content-type': type } });

describe('the body', () => {
  test('that fits its model gets through', async () => {
    const gateway = await startTestGateway(withPost);
    expect((await gateway.get('/things', post('{"text":"hi","rank":4,"tags":["x"]}'))).status).toBe(200);
  });

  test.each([
    ['{}', '[object has missing required properties (["text"])]'],
    ['', '[object has missing required properties (["text"])]'],
    ['{"text":"hi","x":1}', '[object instance has properties which are not allowed by the schema: ["x"]]'],
    ['{"text":1}', '[instance type (integer) does not match any allowed primitive type (allowed: ["string"])]'],
    ['[]', '[instance type (array) does not match any allowed primitive type (allowed: ["object"])]'],
    ['{"text":"toolong"}', '[string "toolong" is too long (length: 7, maximum allowed: 5)]'],
    ['{"text":" "}', '[ECMA 262 regex "\\\\S" does not match input string " "]'],
    ['{"text":"hi","rank":0}', '[numeric instance is lower than the required minimum (minimum: 1, found: 0)]'],
    ['{"text":"hi","kind":"c"}', '[instance value ("c") not found in enum (possible values: ["a","b"])]'],
    ['{"text":"hi","tags":[1,2]}', '[array is too long: must have at most 1 elements but instance has 2 elements]'],
    ['{"text":', '[the body is not valid JSON]'],
  ])('%s is 400, and the function is not called', async (body, detail) => {
    const gateway = await startTestGateway(withPost);
    const answer = await gateway.get('/things', post(body));
    expect([answer.status, answer.json]).toEqual([400, { detail }]);
    expect(gateway.calls.service).toBeUndefined();
    expect(gateway.access[0]?.refusal?.responseType).toBe('BAD_REQUEST_BODY');
  });

  test.each([
    ['a value', { text: 'x'.repeat(100_000) }],
    ['a name', { text: 'hi', ['x'.repeat(100_000)]: 1 }],
    ['many names', { text: 'hi', ...Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`x${i}`, i])) }],
  ])('of any size is not thrown back: %s is cut short', async (_, body) => {
    const gateway = await startTestGateway(withPost);
    const answer = await gateway.get('/things', post(JSON.stringify(body)));
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.json).length).toBeLessThan(1_000);
    expect(gateway.access[0]?.refusal?.reason.length).toBeLessThan(1_000);
  });

  test('takes an exclusive maximum as draft 4 writes it', async () => {
    const gateway = await startTestGateway(withPost);
    expect((await gateway.get('/things', post('{"text":"hi","rank":4}'))).status).toBe(200);
    expect((await gateway.get('/things', post('{"text":"hi","rank":5}'))).status).toBe(400);
  });

  test('of a type without a model is not validated, whatever its parameters', async () => {
    const gateway = await startTestGateway(withPost);
    expect((await gateway.get('/things', post('nonsense', 'text/plain'))).status).toBe(200);
    expect((await gateway.get('/things', post('{}', 'Application/JSON; charset=utf-8'))).status).toBe(400);
  });

  test('without a response of its own is AWS\'s "Invalid request body"', async () => {
    const gateway = await startTestGateway({ ...withPost, gatewayResponses: {} });
    expect((await gateway.get('/things', post('{}'))).json).toEqual({ message: 'Invalid request body' });
  });

  test('may be described by models that refer to each other, and by text', async () => {
    const models = {
      Name: { ...draft4, type: 'string', minLength: 2 },
      Person: JSON.stringify({
        ...draft4,
        type: 'object',
        properties: { name: { $ref: 'https://apigateway.amazonaws.com/restapis/a1b2c3d4e5/models/Name' } },
      }),
    };
    const gateway = await startTestGateway(validated({ RequestModels: { 'application/json': 'Person' } }, models));
    expect((await gateway.get('/things', post('{"name":"ab"}'))).status).toBe(200);
    expect((await gateway.get('/things', post('{"name":"a"}'))).status).toBe(400);
  });

  test('is not even looked at where the method has no validator', async () => {
    const gateway = await startTestGateway(
      validated({ RequestModels: { 'application/json': 'Post' }, RequestValidatorId: undefined }),
    );
    expect((await gateway.get('/things', post('nonsense'))).status).toBe(200);
  });
});

describe('parameters', () => {
  const RequestParameters = {
    'method.request.querystring.limit': true,
    'method.request.header.X-Tenant': true,
    'method.request.querystring.cursor': false,
  };

  test('that are required and missing are named', async () => {
    const gateway = await startTestGateway(validated({ RequestParameters }));
    const answer = await gateway.get('/things', { method: 'POST' });
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({ message: 'Missing required request parameters: [limit, X-Tenant]' });
    expect(gateway.access[0]?.refusal?.responseType).toBe('BAD_REQUEST_PARAMETERS');
  });

  test('that are there get through, the optional ones or not', async () => {
    const gateway = await startTestGateway(validated({ RequestParameters }));
    const answer = await gateway.get('/things?limit=1', { method: 'POST', headers: { 'x-tenant': 'a' } });
    expect(answer.status).toBe(200);
  });
});

describe('at start', () => {
  const options = {
    invoke: async () => ({ ok: true, payload: {} }) as const,
    nowMs: () => 0,
    region: 'x',
    accountId: 'y',
  };
  const METHOD = 'AWS::ApiGateway::Method Method POST /things: ';

  test.each([
    [
      validated({ RequestValidatorId: 'nobody' }),
      `${METHOD}RequestValidatorId names no request validator of this API, got nobody`,
    ],
    [
      validated({ RequestModels: { 'a/b': 'Nobody' } }),
      `${METHOD}RequestModels names no model of this API, got Nobody`,
    ],
    [
      validated({ RequestParameters: { limit: true } }),
      `${METHOD}RequestParameters must be names such as method.request.querystring.limit, got {"limit":true}`,
    ],
    [validated({}, { Bad: '{' }), 'AWS::ApiGateway::Model Bad: Schema must be JSON, got "{"'],
    [
      validated({}, { Bad: { type: 'nothing' } }),
      'AWS::ApiGateway::Model Bad: Schema is no usable JSON Schema draft 4: schema is invalid: data/type must be equal to one of the allowed values, data/type must be array, data/type must match a schema in anyOf',
    ],
  ])('fails on what cannot be validated with', (fixture, message) => {
    expect(() => createGateway(restApiResources(fixture), options)).toThrow(message);
  });

  test('knows the models that every API has', () => {
    const fixture = validated({ RequestModels: { 'application/json': 'Empty' } });
    expect(() => createGateway(restApiResources(fixture), options)).not.toThrow();
  });
});
