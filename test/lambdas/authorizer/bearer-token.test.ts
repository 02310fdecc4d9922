import { describe, expect, it } from 'vitest';
import { bearerToken } from '../../../lambdas/authorizer/bearer-token.ts';
import { TokenRejected } from '../../../lambdas/authorizer/token-rejected.ts';

describe('bearerToken', () => {
  it.each([
    [{ Authorization: 'Bearer a.b.c' }],
    [{ authorization: 'bearer a.b.c' }],
    [{ AUTHORIZATION: 'BEARER  a.b.c' }],
  ])('reads %j', (headers) => {
    expect(bearerToken({ headers, multiValueHeaders: null })).toBe('a.b.c');
  });

  it.each([
    ['no header at all', null, 'the Authorization header is missing'],
    ['another scheme', ['Basic YTpi'], 'the Authorization header does not hold a bearer token'],
    ['no token', ['Bearer '], 'the Authorization header does not hold a bearer token'],
    ['two tokens', ['Bearer a.b.c d.e.f'], 'the Authorization header does not hold a bearer token'],
    ['two tokens in one line', ['Bearer a.b.c, Bearer d.e.f'], 'the Authorization header does not hold a bearer token'],
    ['two headers', ['Bearer a.b.c', 'Bearer d.e.f'], 'there is more than one Authorization header'],
  ])('fails for %s', (_, values, message) => {
    const multiValueHeaders = values === null ? null : { Authorization: values };
    expect(() => bearerToken({ headers: null, multiValueHeaders })).toThrow(new TokenRejected(message));
  });
});
