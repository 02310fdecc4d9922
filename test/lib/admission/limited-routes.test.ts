import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { LimitedRoutes } from '../../../lambdas/contract/limited-routes.ts';
import { limitedRoutes } from '../../../lib/admission/limited-routes.ts';
import { Dependency } from '../../../lib/api/dependency.ts';
import { LimitBy } from '../../../lib/api/limit-by.ts';
import { Priority } from '../../../lib/api/priority.ts';
import { RateLimit } from '../../../lib/api/rate-limit.ts';
import { Route } from '../../../lib/api/route.ts';
import { newApi } from '../../support/api-factory.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

describe('limitedRoutes', () => {
  it('has the routes of all services that ask for a scope, also those added later, and what services depend on', () => {
    const stack = flaggedStack();
    const api = newApi(stack);
    const text = limitedRoutes(api);
    api.addService('Shop', {
      handler: 'echo',
      handlersDirectory: FIXTURE_HANDLERS,
      dependencies: { payments: {} },
      routes: [
        Route.get('/health', { scope: Route.PUBLIC, summary: 'Health' }),
        Route.post('/orders', {
          scope: 'feed:write',
          summary: 'Order',
          priority: Priority.CRITICAL_PLUS,
          dependencies: [Dependency.required('payments')],
          limits: [RateLimit.tokenBucket({ by: LimitBy.USER, ratePerSecond: 10, burst: 20 })],
        }),
      ],
    });
    const { routes, dependencies } = v.parse(LimitedRoutes, stack.resolve(text));
    expect(dependencies).toEqual({ Shop: ['payments'] });
    expect(routes).toMatchObject([
      {
        method: 'POST',
        path: '/orders',
        scope: 'feed:write',
        priority: 'critical-plus',
        limits: [{ algorithm: 'token-bucket', by: ['user'], ratePerSecond: 10, burst: 20 }],
      },
    ]);
    const [placed] = api.routes[1]?.placedLimits ?? [];
    expect(routes[0]?.limits[0]?.id).toBe(placed?.spec.id);
  });
});
