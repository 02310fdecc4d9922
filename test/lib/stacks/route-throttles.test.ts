import { describe, expect, it } from 'vitest';
import { validateRouteThrottles } from '../../../lib/stacks/route-throttles.ts';
import { FEED_ROUTES } from '../../support/api-factory.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const throttle = { ratePerSecond: 1, burst: 1 };

describe('validateRouteThrottles', () => {
  it('accepts throttles of routes that exist', () => {
    const throttles = { 'GET /api/feed': throttle, 'POST /api/feed': throttle };
    expect(() => validateRouteThrottles(throttles, FEED_ROUTES, flaggedStack())).not.toThrow();
  });

  it('fails for a route that does not exist, and lists those that do', () => {
    expect(() => validateRouteThrottles({ 'POST /nope': throttle }, FEED_ROUTES, flaggedStack())).toThrow(
      "routeThrottles: there is no route 'POST /nope'; routes are GET /api/feed, POST /api/feed, PUT /api/follows/{userId} [Stack]",
    );
  });
});
