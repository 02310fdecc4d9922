import AjvDraft4Module from 'ajv-draft-04';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { CreatePostRequest, POST_TEXT_MAX_LENGTH } from '../../../lambdas/contract/feed.ts';
import { LoginRequest, RefreshRequest, SignupRequest } from '../../../lambdas/contract/identity.ts';
import { PageQuery } from '../../../lambdas/contract/page-query.ts';
import { describeSchema, queryParameters, requestModelSchema } from '../../../lib/api/request-model.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';

const AjvDraft4 = AjvDraft4Module.default;

describe('requestModelSchema', () => {
  const email = 'ada@example.com';
  it.each<[string, v.GenericSchema, unknown, boolean]>([
    ['a post', CreatePostRequest, { text: 'hello' }, true],
    ['just as much text as fits', CreatePostRequest, { text: 'x'.repeat(POST_TEXT_MAX_LENGTH) }, true],
    ['one character too many', CreatePostRequest, { text: 'x'.repeat(POST_TEXT_MAX_LENGTH + 1) }, false],
    ['blanks alone', CreatePostRequest, { text: '  ' }, false],
    ['no text', CreatePostRequest, {}, false],
    ['a field too many', CreatePostRequest, { text: 'hello', id: '1' }, false],
    ['a sign-up', SignupRequest, { email, password: 'correct horse' }, true],
    ['a short password', SignupRequest, { email, password: '1234567' }, false],
    ['an address without a domain', SignupRequest, { email: 'ada', password: 'correct horse' }, false],
    ['a login', LoginRequest, { email, password: 'x' }, true],
    ['a refresh', RefreshRequest, { refresh_token: 'x' }, true],
    ['an empty token', RefreshRequest, { refresh_token: '' }, false],
  ])('decides about %s as the parser does', (_case, schema, body, accepted) => {
    const validate = new AjvDraft4().compile(requestModelSchema('body', schema));
    expect(validate(body)).toBe(accepted);
    expect(v.is(schema, body)).toBe(accepted);
  });

  it('describes what is sent, not what the parser makes of it', () => {
    const schema = v.object({ count: v.pipe(v.string(), v.toNumber()) });
    expect(requestModelSchema('body', schema)).toMatchObject({ properties: { count: { type: 'string' } } });
  });

  it('leaves out a check in code, which the service makes again', () => {
    const schema = v.object({
      even: v.pipe(
        v.string(),
        v.check((text) => text.length % 2 === 0),
      ),
    });
    expect(requestModelSchema('body', schema)).toMatchObject({ properties: { even: { type: 'string' } } });
  });

  it('fails on a schema that JSON Schema cannot express, and says where', () => {
    expect(() => requestModelSchema("route 'POST /a': body", v.object({ at: v.date() }))).toThrow(
      new SpillwayError(
        'invalid-schema',
        `route 'POST /a': body cannot be written as JSON Schema: The "date" schema cannot be converted to JSON Schema.`,
      ),
    );
  });
});

describe('describeSchema', () => {
  it('writes the dialect of OpenAPI 3.1 without naming it', () => {
    expect(describeSchema('x', v.literal('Bearer'), 'output')).toEqual({ const: 'Bearer' });
  });
});

describe('queryParameters', () => {
  it('describes parameters by what the parser makes of them, with their defaults', () => {
    expect(queryParameters('query', PageQuery)).toEqual([
      { name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
      { name: 'cursor', required: false, schema: { type: 'string' } },
    ]);
  });

  it('describes them by what is sent where the parser does more than can be said', () => {
    const schema = v.object({
      ids: v.pipe(
        v.string(),
        v.transform((text) => text.split(',')),
      ),
    });
    expect(queryParameters('query', schema)).toEqual([{ name: 'ids', required: true, schema: { type: 'string' } }]);
  });

  it('fails on a schema that is no object', () => {
    expect(() => queryParameters("route 'GET /a': query", v.string())).toThrow(
      new SpillwayError('invalid-schema', "route 'GET /a': query must be an object schema, got 'string'"),
    );
  });
});
