import { describe, expect, it } from 'vitest';
import type { AnalyticsReports } from '../../../../lambdas/adapters/analytics-reports.ts';
import { analyticsRoutes } from '../../../../lambdas/services/analytics/analytics-routes.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { routeRequest } from '../../../support/route-request.ts';

const NOTHING: AnalyticsReports = { countsBetween: async () => [], mostViewed: async () => [] };
const get = (query: Record<string, string>) => {
  const clock = new ManualClock(Date.UTC(2026, 10, 22, 12));
  const handler = analyticsRoutes({ reports: NOTHING, clock })['GET /api/analytics'];
  if (handler === undefined) throw new Error('no handler');
  return handler(routeRequest({ query }));
};

describe('analyticsRoutes', () => {
  it('answers with the periods of the range', async () => {
    expect(await get({ from: '2026-11-20', to: '2026-11-22', granularity: 'day' })).toEqual({
      statusCode: 200,
      body: { granularity: 'day', from: '2026-11-20T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z', periods: [] },
    });
  });

  it.each([
    [{ from: '2026-11-20', to: '2026-11-22' }, 'granularity'],
    [{ from: '20.11.2026', to: '2026-11-22', granularity: 'day' }, 'from: expected a day such as 2026-11-22'],
    [{ from: '2026-11-22', to: '2026-11-20', granularity: 'day' }, 'to: expected a time after from'],
    [{ from: '2024-11-20', to: '2024-11-22', granularity: 'day' }, 'kept for 400 days'],
  ])('fails for %j with 400', async (query, message) => {
    await expect(get(query as Record<string, string>)).rejects.toThrow(
      expect.objectContaining({ statusCode: 400, message: expect.stringContaining(message) }),
    );
  });
});
