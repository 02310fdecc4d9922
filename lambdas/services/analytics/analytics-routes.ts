import type { AnalyticsReports } from '../../adapters/analytics-reports.ts';
import type { Clock } from '../../adapters/clock.ts';
import { AnalyticsQuery } from '../../contract/analytics.ts';
import { parseOrReject } from '../../middleware/parse.ts';
import type { RouteHandler } from '../../middleware/route-request.ts';
import { readAnalytics } from './read-analytics.ts';
import { readRange } from './read-range.ts';

export interface AnalyticsDependencies {
  readonly reports: AnalyticsReports;
  readonly clock: Clock;
}

/** What the analytics service answers on its route. */
export function analyticsRoutes({ reports, clock }: AnalyticsDependencies): Readonly<Record<string, RouteHandler>> {
  return {
    'GET /api/analytics': async ({ query }) => {
      const range = readRange(parseOrReject(AnalyticsQuery, query), clock.now());
      return { statusCode: 200, body: await readAnalytics(reports, range) };
    },
  };
}
