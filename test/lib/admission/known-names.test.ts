import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { knownNames } from '../../../lib/admission/known-names.ts';
import { LimitBy } from '../../../lib/api/limit-by.ts';
import { RateLimit } from '../../../lib/api/rate-limit.ts';
import { Route } from '../../../lib/api/route.ts';
import { newApi } from '../../support/api-factory.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

const shared = { handler: 'echo', handlersDirectory: FIXTURE_HANDLERS };
const ofAll = RateLimit.tokenBucket({ name: 'all', by: LimitBy.GLOBAL, ratePerSecond: 10, burst: 40 });
const own = (by: LimitBy) => RateLimit.fixedWindow({ by, max: 10, window: Duration.minutes(1) });

describe('knownNames', () => {
  it('are limits of all routes, public ones too, and dependencies of all services, each once', () => {
    const api = newApi(flaggedStack());
    api.addService('One', {
      ...shared,
      dependencies: { search: {}, mail: {} },
      routes: [
        Route.get('/a', { scope: 'feed:read', summary: 'A', limits: [ofAll, own(LimitBy.USER), own(LimitBy.ROUTE)] }),
        Route.get('/b', { scope: Route.PUBLIC, summary: 'B', limits: [ofAll, own(LimitBy.IP)] }),
      ],
    });
    api.addService('Two', {
      ...shared,
      dependencies: { search: {} },
      routes: [Route.get('/c', { scope: 'feed:read', summary: 'C' })],
    });
    expect(knownNames(api)).toEqual({
      policies: { global: ['all'], 'GET /a': ['user', 'route'], 'GET /b': ['ip'] },
      dependencies: ['search', 'mail'],
    });
  });

  it('are none of an API without limits', () => {
    const api = newApi(flaggedStack());
    api.addService('One', { ...shared, routes: [Route.get('/c', { scope: 'feed:read', summary: 'C' })] });
    expect(knownNames(api)).toEqual({ policies: {}, dependencies: [] });
  });
});
