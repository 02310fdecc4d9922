import { Env } from '../../../lambdas/contract/environment.ts';
import { LimitsReply } from '../../../lambdas/contract/limits.ts';
import { limitedRoutes } from '../../admission/limited-routes.ts';
import { Priority } from '../../api/priority.ts';
import { Route } from '../../api/route.ts';
import type { ServiceContext } from './service-context.ts';

/** What a caller has left, and what operators have set. */
export function addLimitsService(context: ServiceContext): void {
  const { api } = context;
  const limits = api.addService('Limits', {
    handler: 'limits',
    description: 'Tells callers their own limits, and administrators how the system is doing',
    ...context.functionOptions('limits'),
    routes: [
      Route.get('/api/limits', {
        scope: 'limits:read',
        summary: 'Read the own limits',
        // Whoever wants to know why they are refused asks while others are shed.
        priority: Priority.CRITICAL_PLUS,
        ...context.throttled('GET /api/limits'),
        responses: { 200: LimitsReply },
      }),
    ],
  });
  limits.addEnvironment(Env.LIMITED_ROUTES, limitedRoutes(api));
}
