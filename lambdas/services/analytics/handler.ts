import { createAnalyticsReports } from '../../adapters/analytics-reports.ts';
import { createDocumentClient } from '../../adapters/document-client.ts';
import { readVariable } from '../../adapters/read-environment.ts';
import { createServiceRuntime } from '../../adapters/service-runtime.ts';
import { Env } from '../../contract/environment.ts';
import { createServiceHandler } from '../../middleware/service-handler.ts';
import { analyticsRoutes } from './analytics-routes.ts';

const { env } = process;
const runtime = createServiceRuntime(env);

export const handler = createServiceHandler({
  ...runtime,
  handlers: analyticsRoutes({
    reports: createAnalyticsReports(createDocumentClient(), readVariable(env, Env.ANALYTICS_TABLE)),
    clock: runtime.clock,
  }),
});
