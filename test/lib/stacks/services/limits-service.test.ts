import { Template } from 'aws-cdk-lib/assertions';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Env } from '../../../../lambdas/contract/environment.ts';
import { LimitedRoutes } from '../../../../lambdas/contract/limited-routes.ts';
import { addFeedService } from '../../../../lib/stacks/services/feed-service.ts';
import { addLimitsService } from '../../../../lib/stacks/services/limits-service.ts';
import { routeNamed, stageContext } from '../../../support/stage-context.ts';

describe('addLimitsService', () => {
  const context = stageContext();
  addLimitsService(context);
  addFeedService(context);

  it('answers also while others are shed, whoever may ask', () => {
    expect(routeNamed(context, 'GET /api/limits').spec).toMatchObject({
      scope: 'limits:read',
      priority: 'critical-plus',
    });
  });

  it('knows the routes of services that are added after it', () => {
    const variables = Object.values(Template.fromStack(context.stack).findResources('AWS::Lambda::Function'))
      .map(({ Properties }) => Properties.Environment?.Variables?.[Env.LIMITED_ROUTES])
      .filter((value) => value !== undefined);
    expect(variables).toHaveLength(1);
    const { routes } = v.parse(LimitedRoutes, variables[0]);
    expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api/limits',
      'GET /api/feed',
      'POST /api/feed',
      'PUT /api/follows/{userId}',
      'DELETE /api/follows/{userId}',
    ]);
  });
});
