import { Duration } from 'aws-cdk-lib';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { RouteSpecs } from '../../../lambdas/contract/route-spec.ts';
import { LimitBy } from '../../../lib/api/limit-by.ts';
import { RateLimit } from '../../../lib/api/rate-limit.ts';
import { Route, type RouteProps } from '../../../lib/api/route.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';

const scope = 'feed:read';
const byUser = RateLimit.tokenBucket({ by: LimitBy.USER, ratePerSecond: 10, burst: 20 });
const byIp = RateLimit.tokenBucket({ by: LimitBy.IP, ratePerSecond: 5, burst: 20 });
const get = (props: Partial<RouteProps>) => Route.get('/api/feed', { scope, ...props });

describe('Route', () => {
  it.each([
    ['GET', Route.get('/a', { scope })],
    ['POST', Route.post('/a', { scope })],
    ['PUT', Route.put('/a', { scope })],
    ['PATCH', Route.patch('/a', { scope })],
    ['DELETE', Route.delete('/a', { scope })],
  ])('has a factory for %s', (method, route) => {
    expect(route).toMatchObject({ method, path: '/a', scope, isPublic: false });
    expect(String(route)).toBe(`route '${method} /a'`);
  });

  it('is public only where that is written out', () => {
    expect(Route.get('/a', { scope: Route.PUBLIC })).toMatchObject({ scope: undefined, isPublic: true });
  });

  it('names its path parameters', () => {
    expect(Route.get('/a/{b}/c/{d+}', { scope }).pathParameters).toEqual(['b', 'd']);
  });

  it('travels to its handler as the contract says', () => {
    const routes = [
      get({ limits: [byUser], cacheFor: Duration.seconds(5) }),
      Route.post('/login', { scope: Route.PUBLIC, limits: [byIp] }),
    ];
    const text = JSON.stringify(routes.map(({ spec }) => spec));
    expect(v.parse(RouteSpecs, text)).toMatchObject([
      {
        method: 'GET',
        path: '/api/feed',
        scope,
        limits: [byUser.definition],
        cacheForSeconds: 5,
        priority: 'critical',
      },
      { method: 'POST', path: '/login', limits: [byIp.definition], priorityByTier: {}, latencyTargetMs: 1_000 },
    ]);
  });

  it('places its limits, each with an id of its own', () => {
    const { placedLimits, spec } = get({ limits: [byUser, byIp] });
    expect(placedLimits.map(({ policy }) => policy)).toEqual(['GET /api/feed:user', 'GET /api/feed:ip']);
    expect(spec.limits).toEqual(placedLimits.map((placed) => placed.spec));
    expect(new Set(spec.limits?.map(({ id }) => id)).size).toBe(2);
  });

  it('says nothing of what is as by default', () => {
    expect(get({}).spec).toEqual({ method: 'GET', path: '/api/feed', scope });
  });

  it('accepts a cache time of a second and of a day', () => {
    expect(get({ cacheFor: Duration.seconds(1) }).spec.cacheForSeconds).toBe(1);
    expect(get({ cacheFor: Duration.days(1) }).spec.cacheForSeconds).toBe(86_400);
    expect(get({ cacheFor: Duration.millis(1_500) }).spec.cacheForSeconds).toBe(1.5);
  });

  it.each([
    [Duration.seconds(0), '0 seconds'],
    [Duration.millis(999), '999 millis'],
    [Duration.hours(25), '1 day 1 hour'],
  ])('fails on a cache time of %s', (cacheFor, text) => {
    expect(() => get({ cacheFor })).toThrow(
      new SpillwayError(
        'invalid-duration',
        `route 'GET /api/feed': cacheFor must be between 1 second and 1 day, got ${text}; leave it out to switch caching off`,
      ),
    );
  });

  it('fails when anything but a GET is to be cached', () => {
    expect(() => Route.post('/a', { scope, cacheFor: Duration.seconds(5) })).toThrow(
      new SpillwayError('uncacheable-route', "route 'POST /a': cacheFor is for GET alone, got it on POST"),
    );
  });

  it.each([
    ['an empty scope', { scope: '' }, "''"],
    ['one that was forgotten', {}, 'undefined'],
    ['nothing at all', undefined, 'undefined'],
    ['something else', { scope: 5 }, '5'],
  ])('fails on %s: only Route.PUBLIC makes a route public', (_, props, quoted) => {
    expect(() => Route.get('/api/feed', props as never)).toThrow(
      new SpillwayError(
        'unknown-scope',
        `route 'GET /api/feed': scope must be the name of one, got ${quoted}; use Route.PUBLIC to ask for no token`,
      ),
    );
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('fails on a throttle of %d per second', (ratePerSecond) => {
    expect(() => get({ throttle: { ratePerSecond, burst: 1 } })).toThrow(
      new SpillwayError(
        'invalid-rate',
        `route 'GET /api/feed': throttle.ratePerSecond must be a number above 0, got ${ratePerSecond}; leave it out to keep the stage's throttle`,
      ),
    );
  });

  it.each([0, 0.5, -1, Number.NaN, Number.POSITIVE_INFINITY])('fails on a throttle with a burst of %d', (burst) => {
    expect(() => get({ throttle: { ratePerSecond: 1, burst } })).toThrow(
      new SpillwayError(
        'invalid-burst',
        `route 'GET /api/feed': throttle.burst must be a whole number of at least 1, got ${burst}; leave it out to keep the stage's throttle`,
      ),
    );
  });

  it.each([Route.get, Route.delete])('fails on a body where HTTP gives it no meaning', (factory) => {
    expect(() => factory('/a', { scope, body: v.object({}) })).toThrow(/: body is for POST, PUT and PATCH, got it on /);
  });

  it('fails on an answer that has no HTTP status', () => {
    expect(() => get({ responses: { 99: Route.NO_BODY } })).toThrow(
      new SpillwayError(
        'invalid-response',
        "route 'GET /api/feed': responses must be named by an HTTP status, got '99'",
      ),
    );
  });

  it('fails on a path that API Gateway refuses', () => {
    expect(() => Route.get('feed', { scope })).toThrow(
      new SpillwayError('invalid-path', "route 'GET feed': path must start with '/', got 'feed'"),
    );
  });
});
