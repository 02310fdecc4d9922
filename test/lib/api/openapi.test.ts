import { Validator } from '@seriousme/openapi-schema-validator';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { FeedPage, Post } from '../../../lambdas/contract/feed.ts';
import { LoginRequest } from '../../../lambdas/contract/identity.ts';
import { PageQuery } from '../../../lambdas/contract/page-query.ts';
import { LimitBy } from '../../../lib/api/limit-by.ts';
import { openApiDocument, operationId } from '../../../lib/api/openapi.ts';
import { RateLimit } from '../../../lib/api/rate-limit.ts';
import { Route } from '../../../lib/api/route.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';

const scope = 'feed:read';
const limits = [RateLimit.tokenBucket({ by: LimitBy.IP, ratePerSecond: 1, burst: 1 })];
const ROUTES = [
  Route.post('/login', { scope: Route.PUBLIC, body: LoginRequest, limits, summary: 'Log in' }),
  Route.get('/keys', { scope: Route.PUBLIC }),
  Route.get('/api/feed', { scope, query: PageQuery, responses: { 200: FeedPage } }),
  Route.get('/api/posts/{id}', { scope, responses: { 200: Post } }),
  Route.delete('/api/posts/{id}', { scope, responses: { 204: Route.NO_BODY } }),
  Route.get('/files/{rest+}', { scope }),
];

const documentOf = (routes: readonly Route[]) =>
  openApiDocument({
    routes: routes.map((route) => ({ service: route.path.startsWith('/api') ? 'Feed' : 'Identity', route })),
    scopes: { [scope]: 'read the home timeline' },
    stageName: 'dev',
  });

interface Operation {
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, { readonly headers?: object }>>;
}

describe('openApiDocument', () => {
  const document = documentOf(ROUTES);
  const operation = (path: string, method: string) => document.paths[path]?.[method] as Operation;

  it('is a valid OpenAPI 3.1 document', async () => {
    const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it('does not depend on the order of declaration', () => {
    expect(JSON.stringify(documentOf(ROUTES.toReversed()))).toBe(JSON.stringify(document));
  });

  it('has every route, and writes the rest of a path as a parameter', () => {
    expect(Object.entries(document.paths).map(([path, methods]) => [path, Object.keys(methods)])).toEqual([
      ['/api/feed', ['get']],
      ['/api/posts/{id}', ['get', 'delete']],
      ['/files/{rest}', ['get']],
      ['/keys', ['get']],
      ['/login', ['post']],
    ]);
  });

  it('asks for a token with the scope, and for none on a public route', () => {
    expect(operation('/api/feed', 'get').security).toEqual([{ bearer: [scope] }]);
    expect(operation('/login', 'post').security).toEqual([]);
  });

  it.each([
    ['/api/feed', 'get', ['200', '400', '401', '403', '429', '500', '503', '504']],
    ['/login', 'post', ['200', '400', '429', '500', '503', '504']],
    ['/keys', 'get', ['200', '429', '500', '503', '504']],
  ])('lists the refusals that %s can give', (path, method, statuses) => {
    expect(Object.keys(operation(path, method).responses)).toEqual(statuses);
  });

  it('announces limits wherever one is counted', () => {
    const headers = { 'RateLimit-Policy': expect.anything(), RateLimit: expect.anything() };
    expect(operation('/api/feed', 'get').responses['200']?.headers).toEqual(headers);
    expect(operation('/login', 'post').responses['200']?.headers).toEqual(headers);
    expect(operation('/keys', 'get').responses['200']?.headers).toBeUndefined();
  });

  it('describes bodies, parameters and answers', () => {
    expect(operation('/login', 'post')).toMatchObject({
      summary: 'Log in',
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/LoginRequest' } } },
      },
    });
    expect(operation('/api/feed', 'get')).toMatchObject({
      parameters: [
        { name: 'limit', in: 'query', schema: { type: 'integer', default: 20 } },
        { name: 'cursor', in: 'query', schema: { type: 'string' } },
      ],
    });
    expect(operation('/files/{rest}', 'get')).toMatchObject({
      parameters: [{ name: 'rest', in: 'path', required: true, schema: { type: 'string' } }],
    });
  });

  it('writes a schema once, and refers to it from inside of others', () => {
    expect(document.components).toMatchObject({
      schemas: {
        FeedPage: { properties: { items: { items: { $ref: '#/components/schemas/Post' } } } },
        Post: { type: 'object' },
        Problem: { required: ['type', 'title', 'status'] },
      },
    });
  });

  it('writes a schema without a title where it is used', () => {
    const responses = { 200: v.object({ n: v.number() }) };
    const inline = documentOf([Route.get('/n', { scope: Route.PUBLIC, responses })]).paths['/n']?.get;
    expect(inline).toMatchObject({
      responses: { 200: { content: { 'application/json': { schema: { properties: { n: { type: 'number' } } } } } } },
    });
  });

  it('fails on two schemas with one title', () => {
    const titled = () => ({ 200: v.pipe(v.object({}), v.title('Thing')) });
    const routes = ['/a', '/b'].map((path) => Route.get(path, { scope, responses: titled() }));
    expect(() => documentOf(routes)).toThrow(
      new SpillwayError(
        'duplicate-schema',
        "route 'GET /b': responses.200 has the title 'Thing' of another schema; give each schema a title of its own",
      ),
    );
  });
});

describe('operationId', () => {
  it('is made of method and path', () => {
    expect(operationId(Route.get('/.well-known/jwks.json', { scope }))).toBe('getWellKnownJwksJson');
    expect(operationId(Route.put('/api/follows/{userId}', { scope }))).toBe('putApiFollowsUserId');
  });
});
