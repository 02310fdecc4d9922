import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildRouteTree, matchRoute } from '../../../../../local/twin/gateway/model/route-tree.ts';

const routes = [
  'GET /',
  'GET /api/feed',
  'POST /api/feed',
  'PUT /api/follows/{userId}',
  'GET /api/follows/me',
  'GET /api/follows/{userId}/posts',
  'GET /files/{proxy+}',
  'POST /files/list',
  'ANY /any/{proxy+}',
  'DELETE /any/one',
];
const tree = buildRouteTree(
  routes.map((route) => {
    const [method = '', path = ''] = route.split(' ');
    return { method, path, route };
  }),
);

describe('matchRoute', () => {
  test.each([
    ['GET', '/', 'GET /', undefined],
    ['GET', '/api/feed', 'GET /api/feed', undefined],
    ['GET', '/api/feed/', 'GET /api/feed', undefined],
    ['GET', '//api/feed', 'GET /api/feed', undefined],
    ['POST', '/api/feed', 'POST /api/feed', undefined],
    ['PUT', '/api/follows/42', 'PUT /api/follows/{userId}', { userId: '42' }],
    ['GET', '/api/follows/me', 'GET /api/follows/me', undefined],
    ['PUT', '/api/follows/me', 'PUT /api/follows/{userId}', { userId: 'me' }],
    ['GET', '/api/follows/me/posts', 'GET /api/follows/{userId}/posts', { userId: 'me' }],
    ['GET', '/files/a/b/c', 'GET /files/{proxy+}', { proxy: 'a/b/c' }],
    ['GET', '/files/list', 'GET /files/{proxy+}', { proxy: 'list' }],
    ['PATCH', '/any/one', 'ANY /any/{proxy+}', { proxy: 'one' }],
    ['DELETE', '/any/one', 'DELETE /any/one', undefined],
  ])('%s %s goes to %s', (method, path, route, pathParameters) => {
    expect(matchRoute(tree, method, path)).toEqual({ kind: 'match', route, pathParameters });
  });

  test.each([
    ['HEAD', '/api/feed'],
    ['GET', '/api'],
    ['GET', '/api/feed/extra'],
    ['PUT', '/api/follows'],
    ['PUT', '/api/follows//'],
    ['GET', '/api/follows//posts'],
    ['GET', '/files'],
    ['GET', '/API/feed'],
    ['GET', '/api%2Ffeed'],
  ])('%s %s goes nowhere', (method, path) => {
    expect(matchRoute(tree, method, path)).toEqual({ kind: 'no-match' });
  });

  test('decodes a parameter once, and an encoded slash does not split it', () => {
    expect(matchRoute(tree, 'PUT', '/api/follows/a%2Fb%20c')).toMatchObject({ pathParameters: { userId: 'a/b c' } });
    expect(matchRoute(tree, 'PUT', '/api/follows/%252F')).toMatchObject({ pathParameters: { userId: '%2F' } });
    expect(matchRoute(tree, 'GET', '/files/a%2Fb/c')).toMatchObject({ pathParameters: { proxy: 'a/b/c' } });
  });

  test('says that broken percent-encoding is malformed, wherever it stands', () => {
    expect(matchRoute(tree, 'PUT', '/api/follows/%zz')).toEqual({ kind: 'malformed' });
    expect(matchRoute(tree, 'GET', '/%')).toEqual({ kind: 'malformed' });
  });

  test('finds every parameter that a path was made from, and never throws', () => {
    const segment = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text !== 'me');
    fc.assert(
      fc.property(segment, (userId) => {
        expect(matchRoute(tree, 'PUT', `/api/follows/${encodeURIComponent(userId)}`)).toEqual({
          kind: 'match',
          route: 'PUT /api/follows/{userId}',
          pathParameters: { userId },
        });
      }),
    );
    fc.assert(
      fc.property(fc.string(), fc.string(), (method, path) => {
        expect(['match', 'no-match', 'malformed']).toContain(matchRoute(tree, method, path).kind);
      }),
    );
  });
});

describe('buildRouteTree', () => {
  test.each([
    [['GET /a', 'GET /a'], 'two routes serve GET /a'],
    [['GET /a/{b}/c', 'GET /a/{d}'], 'two parameters compete for one place: {b} and {d} in /a/{d}'],
    [['GET /a/{b+}/c'], 'a greedy parameter must end its path, got /a/{b+}/c'],
  ])('fails on %s', (paths, message) => {
    const entries = paths.map((route) => {
      const [method = '', path = ''] = route.split(' ');
      return { method, path, route };
    });
    expect(() => buildRouteTree(entries)).toThrow(new RangeError(message));
  });
});
