import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { LimitBy } from '../../../lib/api/limit-by.ts';
import { LimitTable } from '../../../lib/api/limit-table.ts';
import { RateLimit } from '../../../lib/api/rate-limit.ts';
import { RequestCost } from '../../../lib/api/request-cost.ts';
import { Route } from '../../../lib/api/route.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const stack = flaggedStack();
const route = (path: string, ...limits: RateLimit[]) => Route.get(path, { scope: 'feed:read', limits });
const bucket = (by: LimitBy, burst = 5, name = 'all') => RateLimit.tokenBucket({ by, name, ratePerSecond: 1, burst });
const table = (shards: number, ...routes: Route[]) => {
  const limits = new LimitTable(stack, shards);
  for (const each of routes) limits.add(each);
  return limits;
};

describe('LimitTable', () => {
  it('lists the claims that limits count by, each once and in order', () => {
    const by = (...names: string[]) =>
      RateLimit.gcra({ by: names.map(LimitBy.claim), name: names.join('-'), ratePerSecond: 1, burst: 1 });
    expect(table(1, route('/a', by('org', 'app')), route('/b', by('org'), bucket(LimitBy.USER))).claims).toEqual([
      'app',
      'org',
    ]);
    expect(table(1, route('/a', bucket(LimitBy.USER))).claims).toEqual([]);
  });

  it('lets routes share a global limit with the same numbers, whatever a request costs there', () => {
    const dear = RateLimit.tokenBucket({
      by: LimitBy.GLOBAL,
      name: 'all',
      ratePerSecond: 1,
      burst: 5,
      cost: RequestCost.fixed(5),
    });
    expect(() => table(1, route('/a', bucket(LimitBy.GLOBAL)), route('/b', dear))).not.toThrow();
  });

  it('fails on a global limit with other numbers elsewhere', () => {
    const other = RateLimit.slidingWindow({ by: LimitBy.GLOBAL, name: 'all', max: 5, window: Duration.minutes(1) });
    expect(() => table(1, route('/a', bucket(LimitBy.GLOBAL)), route('/b', other))).toThrow(
      new SpillwayError(
        'differing-limits',
        "route 'GET /b': the global limit 'all' must be the same wherever it stands, got sliding-window of max 5, window 60 " +
          "seconds and, on route 'GET /a', token-bucket of ratePerSecond 1, burst 5; give them the same numbers, or different names",
        stack,
      ),
    );
  });

  it('fails on two limits that happen to get one id', () => {
    // Found by trying.
    const [a, b] = collidingPaths();
    expect(() => table(1, route(a, bucket(LimitBy.USER)), route(b, bucket(LimitBy.USER)))).toThrow(
      new SpillwayError(
        'limit-id-taken',
        `route 'GET ${b}': limit 'all' has the id ${idOf(b)} of 'GET ${a}:all', by a chance of 1 in 65,520; give one of them another name`,
        stack,
      ),
    );
  });

  it('accepts one request for each shard, and fails on less', () => {
    expect(() => table(5, route('/a', bucket(LimitBy.ROUTE, 5)))).not.toThrow();
    expect(() => table(6, route('/a', bucket(LimitBy.ROUTE, 5)))).toThrow(
      new SpillwayError(
        'limit-below-shards',
        "route 'GET /a': limit 'all': burst must be at least 6, one request for each of 6 admissionShards, got 5; raise it, or lower admissionShards",
        stack,
      ),
    );
  });

  it('asks for no more than one of a limit whose callers each have one shard', () => {
    expect(() => table(64, route('/a', bucket(LimitBy.USER, 1)))).not.toThrow();
    expect(() =>
      table(64, Route.post('/login', { scope: Route.PUBLIC, limits: [bucket(LimitBy.IP, 1)] })),
    ).not.toThrow();
    expect(() => table(64, route('/a', bucket(LimitBy.IP, 1)))).toThrow(/burst must be at least 64, .* got 1;/);
  });
});

function idOf(path: string): number | undefined {
  return route(path, bucket(LimitBy.USER)).placedLimits[0]?.spec.id;
}

function collidingPaths(): readonly [string, string] {
  const seen = new Map<number | undefined, string>();
  for (let n = 0; ; n += 1) {
    const path = `/p${n}`;
    const present = seen.get(idOf(path));
    if (present !== undefined) return [present, path];
    seen.set(idOf(path), path);
  }
}
