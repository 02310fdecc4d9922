import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { Dependency } from '../../../lib/api/dependency.ts';
import { Priority } from '../../../lib/api/priority.ts';
import { Route, type RouteProps } from '../../../lib/api/route.ts';
import { Park, Shed } from '../../../lib/api/when-overloaded.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';

const park = Park.for(Duration.minutes(5));
const post = (props: Partial<RouteProps> = {}) => Route.post('/pay', { scope: 'feed:write', ...props });
const fault = (code: string, message: string) => new SpillwayError(code, `route 'POST /pay': ${message}`);

describe('routeAdmissionSpec', () => {
  it('leaves out what is as by default', () => {
    const bare = { method: 'POST', path: '/pay', scope: 'feed:write' };
    expect(post().spec).toEqual(bare);
    expect(
      post({
        priority: Priority.CRITICAL,
        priorityByTier: {},
        latencyTarget: Duration.seconds(1),
        whenOverloaded: Shed,
        dependencies: [],
      }).spec,
    ).toEqual(bare);
  });

  it('says everything else', () => {
    expect(
      post({
        priority: Priority.SHEDDABLE,
        priorityByTier: { pro: Priority.CRITICAL },
        latencyTarget: Duration.millis(300),
        whenOverloaded: park,
        dependencies: [Dependency.required('payments')],
      }).spec,
    ).toMatchObject({
      priority: 'sheddable',
      priorityByTier: { pro: 'critical' },
      latencyTargetMs: 300,
      parkForSeconds: 300,
      dependencies: [{ name: 'payments', required: true }],
    });
  });
});

describe('validateRouteAdmission', () => {
  it('fails on a priority that there is not', () => {
    const known = 'must be one of critical-plus, critical, sheddable-plus, sheddable, got';
    expect(() => post({ priority: 'high' as Priority })).toThrow(
      fault('invalid-priority', `priority ${known} 'high'; use a member of Priority`),
    );
    expect(() => post({ priorityByTier: { pro: 'high' as Priority } })).toThrow(
      fault('invalid-priority', `priorityByTier.pro ${known} 'high'; use a member of Priority`),
    );
  });

  it('fails on whenOverloaded that is neither Shed nor a Park', () => {
    expect(() => post({ whenOverloaded: 'park' as unknown as Park })).toThrow(
      fault(
        'invalid-parking',
        "whenOverloaded must be Shed or a Park, got 'park'; use Shed, or Park.for(Duration.minutes(5)), say",
      ),
    );
  });

  it('fails when a public route tells tiers apart', () => {
    expect(() => post({ scope: Route.PUBLIC, priorityByTier: { pro: Priority.CRITICAL } })).toThrow(
      fault(
        'invalid-priority',
        'priorityByTier is for routes with a scope, as a public route knows no tier; use priority',
      ),
    );
  });

  it.each([1, 29_000])('accepts a latency target of %d ms', (milliseconds) => {
    expect(post({ latencyTarget: Duration.millis(milliseconds) }).spec.latencyTargetMs).toBe(milliseconds);
  });

  it.each([
    [Duration.millis(0), '0 millis'],
    [Duration.millis(0.5), '0.5 millis'],
    [Duration.millis(29_001), '29 seconds 1 milli'],
    [Duration.millis(Number.NaN), 'NaN'],
    [Duration.millis(Number.POSITIVE_INFINITY), 'Infinity'],
  ])('fails on a latency target of %s', (latencyTarget, got) => {
    expect(() => post({ latencyTarget })).toThrow(
      fault('invalid-duration', `latencyTarget must be whole milliseconds between 1 milli and 29 seconds, got ${got}`),
    );
  });

  it.each([Route.post, Route.put, Route.patch, Route.delete])('parks what changes something', (factory) => {
    expect(factory('/pay', { scope: 'feed:write', whenOverloaded: park }).spec.parkForSeconds).toBe(300);
  });

  it('fails to park a GET, or anything on a public route', () => {
    expect(() => Route.get('/pay', { scope: 'feed:write', whenOverloaded: park })).toThrow(
      new SpillwayError(
        'unparkable-route',
        "route 'GET /pay': whenOverloaded: Park is for POST, PUT, PATCH and DELETE, got it on GET; use Shed",
      ),
    );
    expect(() => post({ scope: Route.PUBLIC, whenOverloaded: park })).toThrow(
      fault(
        'unparkable-route',
        'whenOverloaded: Park is for routes with a scope, as the answer is kept for its caller; use Shed',
      ),
    );
  });

  it('fails on one dependency twice', () => {
    expect(() => post({ dependencies: [Dependency.required('a'), Dependency.optional('a')] })).toThrow(
      fault(
        'invalid-dependency',
        "dependencies must differ, got 'a' twice; keep either Dependency.required or Dependency.optional",
      ),
    );
  });
});
