import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { STAGES } from '../../../../bin/stages.ts';
import { stageContext } from '../../../support/stage-context.ts';

describe('createServiceContext', () => {
  const context = stageContext({
    scaling: { feed: { reservedConcurrency: 7 } },
    routeThrottles: { 'POST /login': { ratePerSecond: 3, burst: 5 } },
  });

  it('gives a function the stage’s cache and retention, and the scaling under its name', () => {
    const shared = {
      cache: context.data.cache,
      logRetention: RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    };
    expect(STAGES.dev.retention.logs).toBe(RetentionDays.ONE_WEEK);
    expect(context.functionOptions('feed')).toEqual({ ...shared, reservedConcurrency: 7 });
    expect(context.functionOptions('identity')).toEqual(shared);
  });

  it('gives a route the throttle that the stage sets for it, and others none', () => {
    expect(context.throttled('POST /login')).toEqual({ throttle: { ratePerSecond: 3, burst: 5 } });
    expect(context.throttled('POST /signup')).toEqual({});
  });
});
