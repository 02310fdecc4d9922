import { describe, expect, it } from 'vitest';
import { methodSettings } from '../../../lib/api/method-settings.ts';
import { Route } from '../../../lib/api/route.ts';

describe('methodSettings', () => {
  const throttle = { ratePerSecond: 5, burst: 7 };

  it('sets all methods to the throttle of the stage, logs errors, and never logs bodies', () => {
    expect(methodSettings({ ratePerSecond: 1_000, burst: 2_000 }, [Route.get('/a', { scope: 's' })])).toEqual([
      {
        resourcePath: '/*',
        httpMethod: '*',
        throttlingRateLimit: 1_000,
        throttlingBurstLimit: 2_000,
        loggingLevel: 'ERROR',
        dataTraceEnabled: false,
        metricsEnabled: false,
      },
    ]);
  });

  it.each([
    ['/', '/'],
    ['/api', '/~1api'],
    ['/api/follows/{userId}', '/~1api~1follows~1{userId}'],
  ])('says everything again for %s, as %s, with its own throttle', (path, resourcePath) => {
    const [common, own] = methodSettings({ ratePerSecond: 1, burst: 2 }, [Route.put(path, { scope: 's', throttle })]);
    expect(own).toEqual({
      ...common,
      resourcePath,
      httpMethod: 'PUT',
      throttlingRateLimit: 5,
      throttlingBurstLimit: 7,
    });
  });
});
