import { Env } from '../../../lambdas/contract/environment.ts';
import { PARKED_PATH, ParkedStatus } from '../../../lambdas/contract/parked.ts';
import { Priority } from '../../api/priority.ts';
import { Route } from '../../api/route.ts';
import type { ServiceContext } from './service-context.ts';

/** What became of requests that could not be served at once. */
export function addParkedService(context: ServiceContext): void {
  const { api, data } = context;
  const parked = api.addService('Parked', {
    handler: 'parked',
    description: 'Tells callers what became of their parked requests',
    ...context.functionOptions('parked'),
    routes: [
      Route.get(PARKED_PATH, {
        scope: 'parked:read',
        summary: 'Read what became of a parked request',
        priority: Priority.CRITICAL,
        ...context.throttled('GET /api/parked/{parkedId}'),
        responses: { 200: ParkedStatus },
      }),
    ],
  });
  parked.useTable(data.tables.parked, {
    environment: Env.PARKED_TABLE,
    actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  });
}
