import { describe, expect, it } from 'vitest';
import { apiBasePath } from '../../../lambdas/middleware/api-base-path.ts';

const event = (resource: string, path: string, pathParameters: Record<string, string> | null = null) => ({
  resource,
  pathParameters,
  requestContext: { path },
});

describe('apiBasePath', () => {
  it.each([
    ['the stage', event('/api/feed', '/dev/api/feed'), '/dev'],
    ['nothing on a domain of its own', event('/api/feed', '/api/feed'), ''],
    ['the base path of a custom domain', event('/api/feed', '/shop/v1/api/feed'), '/shop/v1'],
    ['what stands before parameters', event('/api/follows/{id}', '/dev/api/follows/a%2Fb', { id: 'a%2Fb' }), '/dev'],
    ['what stands before a greedy parameter', event('/files/{rest+}', '/dev/files/a/b/c', { rest: 'a/b/c' }), '/dev'],
    ['the stage of the root', event('/', '/dev/'), '/dev'],
    ['the stage, though the URL ends with a slash', event('/api/feed', '/dev/api/feed/'), '/dev'],
    ['nothing where the path is shorter than the resource', event('/api/feed', '/feed'), ''],
  ])('is %s', (_name, given, expected) => {
    expect(apiBasePath(given)).toBe(expected);
  });
});
