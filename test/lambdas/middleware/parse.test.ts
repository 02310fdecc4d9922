import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { CreatePostRequest } from '../../../lambdas/contract/feed.ts';
import { parseOrReject } from '../../../lambdas/middleware/parse.ts';

describe('parseOrReject', () => {
  it('gives the value as the schema sees it', () => {
    expect(parseOrReject(v.object({ limit: v.pipe(v.string(), v.toNumber()) }), { limit: '5', x: 1 })).toEqual({
      limit: 5,
    });
  });

  it.each([
    ['a missing field', {}, 'text is missing'],
    ['an unknown field', { text: 'a', colour: 'red' }, 'colour is not known here'],
    ['another type', { text: 1 }, 'text: expected string, got 1'],
    ['an empty text', { text: '' }, 'text: expected a length >=1, got 0'],
    ['nothing at all', undefined, 'the request: expected Object, got undefined'],
  ])('fails with 400 for %s, and says where and why', (_, value, message) => {
    expect(() => parseOrReject(CreatePostRequest, value)).toThrow(
      expect.objectContaining({ code: 'invalid-request', statusCode: 400, message }),
    );
  });

  it('shows at most 80 characters of a wrong value', () => {
    const schema = v.object({ name: v.pipe(v.string(), v.regex(/^a$/)) });
    expect(() => parseOrReject(schema, { name: 'b'.repeat(500) })).toThrow(
      `name: expected /^a$/, got "${'b'.repeat(79)}`,
    );
  });
});
