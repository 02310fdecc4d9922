import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { LoginRequest } from '../../../lambdas/contract/identity.ts';
import { LimitBy } from '../../../lib/api/limit-by.ts';
import { RateLimit } from '../../../lib/api/rate-limit.ts';
import { Route, type RouteProps } from '../../../lib/api/route.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';

const scope = 'feed:read';
const bucket = (by: LimitBy, name?: string) =>
  RateLimit.tokenBucket({ by, ratePerSecond: 1, burst: 1, ...(name !== undefined && { name }) });
const post = (props: Partial<RouteProps>) => Route.post('/login', { scope: Route.PUBLIC, ...props });
const fault = (message: string) => new SpillwayError('invalid-limit', `route 'POST /login': ${message}`);

describe('validateRouteLimits', () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => bucket(LimitBy.IP, `n${n}`));

  it('accepts eight limits, and fails on nine', () => {
    expect(post({ limits: many(8) }).limits).toHaveLength(8);
    expect(() => post({ limits: many(9) })).toThrow(
      new SpillwayError(
        'too-many-limits',
        "route 'POST /login': limits must be at most 8, got 9; remove those that others imply",
      ),
    );
  });

  it('fails on what is no list of limits', () => {
    expect(() => post({ limits: {} as [] })).toThrow(
      fault('limits must be an array, got {}; write [RateLimit.tokenBucket(…)], say, or leave it out'),
    );
    expect(() => post({ limits: [null as unknown as RateLimit] })).toThrow(
      fault(
        'limits[0] must be a RateLimit, got null; make it with RateLimit.tokenBucket(…) or another factory of RateLimit',
      ),
    );
  });

  it('fails on two limits with one name', () => {
    expect(() => post({ limits: [bucket(LimitBy.IP), bucket(LimitBy.ROUTE, 'ip')] })).toThrow(
      fault("limits must have different names, got 'ip' twice; set name on one of them"),
    );
  });

  it.each([LimitBy.USER, LimitBy.TENANT, LimitBy.API_KEY, LimitBy.claim('org')])(
    'fails when a public route counts by %s, and accepts it where there is a token',
    (by) => {
      const limits = [RateLimit.gcra({ by: [LimitBy.IP, by], name: 'x', ratePerSecond: 1, burst: 1 })];
      expect(() => post({ limits })).toThrow(
        fault(
          `limit 'x' counts by ${by}, which only a token tells, and a public route has none; use LimitBy.IP, or LimitBy.bodyField(…) for an account`,
        ),
      );
      expect(() => post({ scope, limits })).not.toThrow();
    },
  );

  it.each([LimitBy.IP, LimitBy.ROUTE, LimitBy.GLOBAL])('lets a public route count by %s', (by) => {
    expect(() => post({ limits: [bucket(by)] })).not.toThrow();
  });

  it('counts by a required text of the body', () => {
    expect(() => post({ body: LoginRequest, limits: [bucket(LimitBy.bodyField('email'))] })).not.toThrow();
  });

  it.each([
    [undefined, 'but the route has none; set body'],
    [LoginRequest, "which has 'email', 'password'"],
    [v.string(), 'which has no members'],
    [v.object({ name: v.optional(v.string()) }), 'but may be left out; require it'],
    [v.object({ name: v.array(v.string()) }), 'but is of type "array"'],
    [v.object({ name: v.object({}) }), 'but is of type "object"'],
  ])('fails on a member that the body does not always have as a text or number', (body, reason) => {
    expect(() => post({ ...(body && { body }), limits: [bucket(LimitBy.bodyField('name'))] })).toThrow(
      fault(
        `limit 'name' counts by LimitBy.bodyField('name'), which must be a required text or number of the body, ${reason}`,
      ),
    );
  });

  it.each([v.string(), v.number(), v.pipe(v.number(), v.integer()), v.picklist(['a', 'b'])])(
    'counts by a member that text can be made of',
    (name) => {
      const body = v.object({ name });
      expect(() => post({ body, limits: [bucket(LimitBy.bodyField('name'))] })).not.toThrow();
    },
  );
});
