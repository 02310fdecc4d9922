import { describe, expect, it } from 'vitest';
import { findUnknownNames } from '../../../../lambdas/workers/admission-controller/find-unknown-names.ts';

const known = { policies: { 'POST /api/feed': ['user', 'burst'], global: ['all'] }, dependencies: ['search'] };

describe('findUnknownNames', () => {
  it('knows limits of routes, global ones, those of tiers, and dependencies', () => {
    const scale = { 'POST /api/feed:user': 0.5, 'POST /api/feed:burst': 1, 'global:all': 0, perUser: 2, dailyQuota: 3 };
    expect(findUnknownNames({ scale, breakers: { search: 'disabled' }, shedBelow: 'critical' }, known)).toEqual([]);
    expect(findUnknownNames({}, known)).toEqual([]);
  });

  it('finds what is misspelt, in an order that does not depend on how the JSON was written', () => {
    const scale = { user: 1, 'POST /api/fed:user': 0.5, 'global:user': 1, 'POST /api/feed': 1, free: 1 };
    expect(findUnknownNames({ scale, breakers: { serch: 'forced-open' } }, known)).toEqual([
      "scale 'POST /api/fed:user'",
      "scale 'POST /api/feed'",
      "scale 'free'",
      "scale 'global:user'",
      "scale 'user'",
      "breaker 'serch'",
    ]);
  });

  it('is not misled by names that every object has', () => {
    expect(findUnknownNames({ scale: { toString: 1, valueOf: 1 } }, known)).toEqual([
      "scale 'toString'",
      "scale 'valueOf'",
    ]);
  });
});
