import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { FIRST_ROUTE_LIMIT_ID, LimitSpec } from '../../../lambdas/contract/limit-spec.ts';
import { LimitBy } from '../../../lib/api/limit-by.ts';
import { placeLimit } from '../../../lib/api/limit-policy.ts';
import { RateLimit } from '../../../lib/api/rate-limit.ts';

const limit = (by: LimitBy, name?: string) =>
  RateLimit.gcra({ by, ratePerSecond: 1, burst: 2, ...(name !== undefined && { name }) });

describe('placeLimit', () => {
  it('names the policy by its route, and a global one by its name alone', () => {
    expect(placeLimit('POST /a', limit(LimitBy.USER)).policy).toBe('POST /a:user');
    expect(placeLimit('POST /a', limit(LimitBy.ROUTE, 'all')).policy).toBe('POST /a:all');
    expect(placeLimit('POST /a', limit(LimitBy.GLOBAL, 'all')).policy).toBe('global:all');
  });

  it('gives the same id on every synth, as a change would forget all counts', () => {
    expect(placeLimit('POST /a', limit(LimitBy.USER)).spec.id).toBe(47_386);
    expect(placeLimit('POST /a', limit(LimitBy.GLOBAL)).spec.id).toBe(
      placeLimit('GET /b', limit(LimitBy.GLOBAL)).spec.id,
    );
  });

  it('keeps ids within two bytes, clear of those of the tiers, and spread', () => {
    const ids = Array.from({ length: 300 }, (_, n) => placeLimit(`GET /${n}`, limit(LimitBy.USER)).spec.id);
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(FIRST_ROUTE_LIMIT_ID);
    expect(Math.max(...ids)).toBeLessThanOrEqual(65_535);
    expect(new Set(ids).size).toBeGreaterThan(290);
  });

  it('is what the handler parses', () => {
    const { spec } = placeLimit('POST /a', limit(LimitBy.claim('org')));
    expect(v.parse(LimitSpec, JSON.parse(JSON.stringify(spec)))).toEqual({
      ...spec,
      by: ['claim:org'],
      cost: 1,
      settled: false,
      dryRun: false,
    });
  });
});
