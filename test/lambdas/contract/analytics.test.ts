import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { AnalyticsQuery } from '../../../lambdas/contract/analytics.ts';

const query = (overrides: object) =>
  v.safeParse(AnalyticsQuery, { from: '2026-11-22', to: '2026-11-23', granularity: 'day', ...overrides });

describe('AnalyticsQuery', () => {
  it.each(['2026-11-22', '2026-11-22T10:00Z', '2026-11-22T10:00:30Z', '2026-11-22T10:00:30.123Z', '2024-02-29'])(
    'takes %s',
    (from) => {
      expect(query({ from }).success).toBe(true);
    },
  );

  it.each([
    ...['', 'today', '2026-11', '2026-11-22T10', '2026-11-22T10:00', '2026-11-22T10:00+02:00', '22.11.2026'],
    ...['2026-02-31', '2026-13-01', '2026-11-22T25:00Z', '2026-11-22T24:00Z', '1764000000', ' 2026-11-22'],
  ])('fails for %j and says what it takes', (to) => {
    const [issue] = query({ to }).issues ?? [];
    expect(issue?.expected).toBe('a day such as 2026-11-22, or a time in UTC such as 2026-11-22T10:00Z');
  });

  it.each(['hour', '', 'DAY', undefined])('fails for the granularity %s', (granularity) => {
    expect(query({ granularity }).success).toBe(false);
  });
});
