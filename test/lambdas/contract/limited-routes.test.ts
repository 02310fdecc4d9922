import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { LIMIT_ALGORITHMS, type LimitSpec } from '../../../lambdas/contract/limit-spec.ts';
import { LimitedRoutes, writeLimitedRoutes } from '../../../lambdas/contract/limited-routes.ts';
import { PRIORITIES } from '../../../lambdas/contract/priority.ts';
import { HTTP_METHODS, type RouteSpecInput } from '../../../lambdas/contract/route-spec.ts';

const limit = fc
  .record({
    name: fc.string({ minLength: 1 }),
    id: fc.integer({ min: 16, max: 65_535 }),
    algorithm: fc.constantFrom(...LIMIT_ALGORITHMS),
    by: fc.uniqueArray(fc.constantFrom('user', 'tenant', 'route', 'global', 'claim:org', 'body:email'), {
      minLength: 1,
    }),
    cost: fc.integer({ min: 1, max: 100 }),
    dryRun: fc.boolean(),
    first: fc.integer({ min: 1, max: 1_000_000 }),
    second: fc.integer({ min: 1, max: 86_400 }),
  })
  .map(({ algorithm, first, second, ...rest }): LimitSpec => {
    const numbers =
      algorithm === 'token-bucket' || algorithm === 'gcra'
        ? { ratePerSecond: first, burst: second }
        : { max: first, windowSeconds: second };
    return { ...rest, algorithm, ...numbers, settled: false } as LimitSpec;
  });
const priority = fc.constantFrom(...PRIORITIES);
const route = fc.record({
  method: fc.constantFrom(...HTTP_METHODS),
  path: fc.constantFrom('/', '/api/feed', '/api/follows/{userId}'),
  scope: fc.constantFrom('feed:read', 'feed:write'),
  priority,
  priorityByTier: fc.dictionary(fc.constantFrom('free', 'pro'), priority, { noNullPrototype: true }),
  limits: fc.array(limit, { maxLength: 3 }),
}) as fc.Arbitrary<RouteSpecInput>;

describe('LimitedRoutes', () => {
  it('reads what was written, as far as limits and priorities go', () => {
    fc.assert(
      fc.property(fc.array(route, { maxLength: 5 }), (routes) => {
        const read = v.parse(LimitedRoutes, writeLimitedRoutes(routes, { Feed: ['search'] }));
        expect(read.dependencies).toEqual({ Feed: ['search'] });
        expect(read.routes).toEqual(routes.map((given) => expect.objectContaining({ ...given })));
      }),
    );
  });

  it('leaves out public routes', () => {
    expect(writeLimitedRoutes([{ method: 'POST', path: '/login' }])).toBe('{"routes":[],"dependencies":{}}');
  });

  it('is short: a route with a limit takes less than 80 bytes', () => {
    const text = writeLimitedRoutes([
      {
        method: 'POST',
        path: '/api/feed',
        scope: 'feed:write',
        limits: [{ name: 'user', id: 4_711, algorithm: 'token-bucket', by: ['user'], ratePerSecond: 10, burst: 20 }],
      },
    ]);
    expect(text).toBe(
      '{"routes":[["POST /api/feed","feed:write",1,[["user",4711,0,"user",10,20]]]],"dependencies":{}}',
    );
    expect(text.length - '{"routes":[],"dependencies":{}}'.length).toBeLessThan(80);
  });

  it.each(['', '[]', '{"routes":[["GET /"]],"dependencies":{}}', '{"routes":[]}'])('fails for %j', (text) => {
    expect(v.safeParse(LimitedRoutes, text).success).toBe(false);
  });
});
