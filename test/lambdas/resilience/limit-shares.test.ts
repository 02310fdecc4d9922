import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalShares, moveShares, SHARE_MOVE_MAX, shareHoldMs } from '../../../lambdas/resilience/limit-shares.ts';

const sum = (numbers: readonly number[]) => numbers.reduce((all, number) => all + number, 0);
const floorOf = (shards: number) => Math.floor(2_500 / shards) / 10_000;
const shards = fc.integer({ min: 1, max: 32 });
const demand = (length: number) => fc.array(fc.nat(1_000_000), { minLength: length, maxLength: length });
/** Demands of several minutes in a row, of the same shards. */
const history = shards.chain((length) => fc.array(demand(length), { minLength: 1, maxLength: 30 }));

describe('equalShares', () => {
  it('adds up to 1, also where the parts are not even', () => {
    expect(equalShares(1)).toEqual([1]);
    expect(equalShares(3)).toEqual([0.3334, 0.3333, 0.3333]);
  });

  it.each([0, -1, 1.5, Number.NaN, 10_001])('fails for %d shards', (count) => {
    expect(() => equalShares(count)).toThrow(`shards must be a whole number from 1 to 10000, got ${count}`);
  });
});

describe('moveShares', () => {
  it('moves a part of the limit to where it is asked for, a bounded step at a time', () => {
    let shares = equalShares(2);
    shares = moveShares(shares, [900, 100]);
    expect(shares).toEqual([0.6, 0.4]);
    for (let minute = 0; minute < 10; minute += 1) shares = moveShares(shares, [900, 100]);
    // A floor of an eighth each, and nine tenths of the rest.
    expect(shares[0]).toBeCloseTo(0.125 + 0.75 * 0.9, 1);
  });

  it('stays as it is without demand, and where little would move', () => {
    const shares = [0.6, 0.4];
    expect(moveShares(shares, [0, 0])).toBe(shares);
    expect(moveShares(equalShares(2), [101, 99])).toEqual([0.5, 0.5]);
  });

  it('has nothing to move with one shard', () => {
    expect(moveShares([1], [77])).toEqual([1]);
  });

  it('begins anew with equal parts where the number of shards has changed, or the shares are none', () => {
    expect(moveShares([0.6, 0.4], [1, 1, 1])).toEqual(equalShares(3));
    expect(moveShares([0.6, 0.6], [1, 1])).toEqual([0.5, 0.5]);
    expect(moveShares([Number.NaN, 1], [1, 1])).toEqual([0.5, 0.5]);
  });

  it('leaves every shard enough for a request, where an equal part is enough for one', () => {
    let shares = equalShares(4);
    for (let minute = 0; minute < 20; minute += 1) shares = moveShares(shares, [100, 0, 0, 0], 0.2);
    expect(shares).toEqual([0.4, 0.2, 0.2, 0.2]);
    expect(moveShares(equalShares(4), [100, 0, 0, 0], 0.3)).toEqual(equalShares(4));
  });

  it('always adds up to the limit, and leaves every shard its floor', () => {
    fc.assert(
      fc.property(history, (minutes) => {
        let shares = equalShares(minutes[0]?.length ?? 1);
        for (const asked of minutes) {
          shares = moveShares(shares, asked);
          expect(sum(shares.map((share) => Math.round(share * 10_000)))).toBe(10_000);
          expect(Math.min(...shares)).toBeGreaterThanOrEqual(floorOf(shares.length));
        }
      }),
    );
  });

  it('admits at most 1 + SHARE_MOVE_MAX times the limit while some know the shares of before and some those of after', () => {
    fc.assert(
      fc.property(history, (minutes) => {
        let shares = equalShares(minutes[0]?.length ?? 1);
        for (const asked of minutes) {
          const next = moveShares(shares, asked);
          const larger = next.map((share, index) => Math.max(share, shares[index] ?? 0));
          expect(sum(larger)).toBeLessThanOrEqual(1 + SHARE_MOVE_MAX + 1e-9);
          shares = next;
        }
      }),
    );
  });

  it('comes near to the demand where that stays, and then rests', () => {
    fc.assert(
      fc.property(shards.chain(demand), (asked) => {
        let shares = equalShares(asked.length);
        for (let minute = 0; minute < 20; minute += 1) shares = moveShares(shares, asked);
        expect(moveShares(shares, asked)).toEqual(shares);
        const total = sum(asked);
        if (total === 0) return;
        const floor = floorOf(shares.length);
        const goals = asked.map((units) => floor + ((1 - floor * shares.length) * units) / total);
        const missing = sum(goals.map((goal, index) => Math.max(0, goal - (shares[index] ?? 0))));
        expect(missing).toBeLessThanOrEqual(0.011);
      }),
    );
  });
});

describe('shareHoldMs', () => {
  it('is a window, and at least a minute', () => {
    expect([1, 60, 61, 86_400].map(shareHoldMs)).toEqual([60_000, 60_000, 61_000, 86_400_000]);
  });

  it('bounds what any window admits: greedy callers get at most 1 + SHARE_MOVE_MAX times a fixed window’s limit', () => {
    const windowMs = 90_000;
    const limit = 1_000;
    const asked = fc.array(demand(4), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(asked, fc.integer({ min: 0, max: windowMs - 1 }), (minutes, startMs) => {
        let shares = equalShares(4);
        let movedAtMs = startMs;
        const spent = new Map<number, readonly number[]>();
        for (const [index, units] of minutes.entries()) {
          const nowMs = startMs + index * 20_000;
          if (nowMs - movedAtMs >= shareHoldMs(windowMs / 1_000)) {
            shares = moveShares(shares, units);
            movedAtMs = nowMs;
          }
          // Everybody takes whatever the shard's share of the window leaves.
          const window = Math.floor(nowMs / windowMs);
          const used = shares.map((share, shard) =>
            Math.max(spent.get(window)?.[shard] ?? 0, Math.floor(share * limit)),
          );
          spent.set(window, used);
        }
        for (const used of spent.values()) expect(sum(used)).toBeLessThanOrEqual(limit * (1 + SHARE_MOVE_MAX));
      }),
      { numRuns: 50 },
    );
  });
});
