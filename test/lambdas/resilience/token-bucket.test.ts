import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createTokenBucket,
  decide,
  decideAll,
  type TokenBucket,
  type TokenBucketState,
} from '../../../lambdas/resilience/token-bucket.ts';

const buckets = fc
  .record({ rate: fc.double({ min: 0.01, max: 10_000, noNaN: true }), burst: fc.integer({ min: 1, max: 1_000 }) })
  .map(({ rate, burst }) => createTokenBucket(rate, burst));

/** Times that mostly go forward, and sometimes back. */
const steps = fc.array(
  fc.record({ advanceMs: fc.integer({ min: -2_000, max: 3_000 }), cost: fc.integer({ min: 0, max: 12 }) }),
  { minLength: 1, maxLength: 60 },
);

/** Admitted cost by time, of requests sent one after the other. */
function run(bucket: TokenBucket, requests: readonly { nowMs: number; cost: number }[]) {
  let state: TokenBucketState | undefined;
  return requests.map(({ nowMs, cost }) => {
    const before = state;
    const step = decide(bucket, state, nowMs, cost);
    state = step.state;
    return { nowMs, cost, before, ...step };
  });
}

function walk(walkSteps: readonly { advanceMs: number; cost: number }[]) {
  let nowMs = 1_000_000;
  return walkSteps.map(({ advanceMs, cost }) => {
    nowMs += advanceMs;
    return { nowMs, cost };
  });
}

describe('createTokenBucket', () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('fails for a rate of %s', (rate) => {
    expect(() => createTokenBucket(rate, 1)).toThrow(
      new RangeError(`ratePerSecond must be a finite number above 0, got ${rate}`),
    );
  });

  it.each([0, 0.5, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY])('fails for a burst of %s', (burst) => {
    expect(() => createTokenBucket(1, burst)).toThrow(
      new RangeError(`burst must be a whole number of at least 1, got ${burst}`),
    );
  });

  it('takes a rate below one per second', () => {
    expect(createTokenBucket(0.1, 1)).toEqual({ ratePerSecond: 0.1, burst: 1 });
  });
});

describe('decide', () => {
  const bucket = createTokenBucket(10, 5);

  it('starts full: the burst passes at once, one more does not', () => {
    const results = run(
      bucket,
      Array.from({ length: 6 }, () => ({ nowMs: 0, cost: 1 })),
    );
    expect(results.map(({ decision }) => decision.allowed)).toEqual([true, true, true, true, true, false]);
  });

  it('refills at its rate: just enough time admits, one millisecond less does not', () => {
    const empty = { tokens: 0, atMs: 1_000 };
    expect(decide(bucket, empty, 1_100).decision.allowed).toBe(true);
    expect(decide(bucket, empty, 1_099).decision.allowed).toBe(false);
  });

  it('never holds more than the burst', () => {
    expect(decide(bucket, { tokens: 5, atMs: 0 }, 1e12).decision.remaining).toBe(4);
  });

  it('rejects a cost of 5 with 4 tokens left, and takes none of them', () => {
    const { decision, state } = decide(bucket, { tokens: 4, atMs: 0 }, 0, 5);
    expect(decision).toEqual({ allowed: false, remaining: 4, waitMs: 100, resetMs: 100 });
    expect(state).toEqual({ tokens: 4, atMs: 0 });
  });

  it('says that a cost above the burst can never be satisfied', () => {
    expect(decide(bucket, undefined, 0, 5).decision.allowed).toBe(true);
    expect(decide(bucket, undefined, 0, 6).decision).toEqual({
      allowed: false,
      remaining: 5,
      waitMs: Number.POSITIVE_INFINITY,
      resetMs: 0,
    });
  });

  it('adds nothing when the clock goes backwards, and nothing twice when it comes back', () => {
    const late = decide(bucket, { tokens: 2, atMs: 10_000 }, 9_000);
    expect(late).toEqual({
      decision: { allowed: true, remaining: 1, waitMs: 0, resetMs: 400 },
      state: { tokens: 1, atMs: 10_000 },
    });
    expect(decide(bucket, late.state, 10_000).decision.remaining).toBe(0);
  });

  it('only looks for a cost of 0', () => {
    expect(decide(bucket, { tokens: 0, atMs: 0 }, 0, 0).decision).toMatchObject({ allowed: true, remaining: 0 });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('fails for a cost of %s', (cost) => {
    const error = new RangeError(`cost must be a finite number of at least 0, got ${cost}`);
    expect(() => decide(bucket, undefined, 0, cost)).toThrow(error);
    expect(() => decideAll([{ bucket, state: undefined, cost }], 0)).toThrow(error);
  });

  it('never admits more than burst + rate × time over any window, even when the clock jumps to and fro', () => {
    fc.assert(
      fc.property(buckets, steps, (anyBucket, walkSteps) => {
        const results = run(anyBucket, walk(walkSteps));
        for (let from = 0; from < results.length; from++) {
          // A denial leaves no trace, not even of the time: windows begin with what was admitted.
          if (!results[from]?.decision.allowed) continue;
          let admitted = 0;
          // The time that has really passed is at most what the latest clock reading so far says.
          const readings = results.slice(0, from + 1).filter(({ decision }) => decision.allowed);
          const startMs = Math.max(...readings.map(({ nowMs }) => nowMs));
          let latestMs = startMs;
          for (const { nowMs, cost, decision } of results.slice(from)) {
            latestMs = Math.max(latestMs, nowMs);
            if (decision.allowed) admitted += cost;
            const bound = anyBucket.burst + ((latestMs - startMs) / 1_000) * anyBucket.ratePerSecond;
            expect(admitted).toBeLessThanOrEqual(bound * (1 + 1e-9));
          }
        }
      }),
    );
  });

  it('changes nothing by a denial', () => {
    fc.assert(
      fc.property(buckets, steps, (anyBucket, walkSteps) => {
        for (const { decision, before, state } of run(anyBucket, walk(walkSteps))) {
          if (!decision.allowed) expect(state).toBe(before);
        }
      }),
    );
  });

  it('admits after the wait that it names, and not well before', () => {
    fc.assert(
      fc.property(buckets, steps, (anyBucket, walkSteps) => {
        for (const { decision, nowMs, cost, state } of run(anyBucket, walk(walkSteps))) {
          if (decision.allowed || decision.waitMs === Number.POSITIVE_INFINITY) continue;
          const since = Math.max(nowMs, state?.atMs ?? nowMs);
          expect(decide(anyBucket, state, since + decision.waitMs * (1 + 1e-9) + 1, cost).decision.allowed).toBe(true);
          expect(decide(anyBucket, state, nowMs + decision.waitMs * 0.99, cost).decision.allowed).toBe(false);
        }
      }),
    );
  });

  it('is full after the reset that it names', () => {
    fc.assert(
      fc.property(buckets, steps, (anyBucket, walkSteps) => {
        for (const { decision, nowMs, state } of run(anyBucket, walk(walkSteps))) {
          const since = Math.max(nowMs, state?.atMs ?? nowMs);
          const later = decide(anyBucket, state, since + decision.resetMs + 1, 0);
          expect(later.decision.remaining).toBeCloseTo(anyBucket.burst, 6);
        }
      }),
    );
  });
});

describe('decideAll', () => {
  const wide = createTokenBucket(100, 200);
  const narrow = createTokenBucket(1, 1);

  it('takes from every bucket when all of them hold enough', () => {
    const { allowed, steps: taken } = decideAll(
      [
        { bucket: wide, state: undefined, cost: 1 },
        { bucket: narrow, state: undefined, cost: 1 },
      ],
      5,
    );
    expect(allowed).toBe(true);
    expect(taken.map(({ state }) => state)).toEqual([
      { tokens: 199, atMs: 5 },
      { tokens: 0, atMs: 5 },
    ]);
  });

  it('takes from none when one denies, and says which one it was', () => {
    const empty = { tokens: 0, atMs: 0 };
    const { allowed, steps: taken } = decideAll(
      [
        { bucket: wide, state: undefined, cost: 1 },
        { bucket: narrow, state: empty, cost: 1 },
      ],
      500,
    );
    expect(allowed).toBe(false);
    expect(taken[0]).toEqual({
      decision: { allowed: true, remaining: 200, waitMs: 0, resetMs: 0 },
      state: undefined,
    });
    expect(taken[1]).toEqual({
      decision: { allowed: false, remaining: 0.5, waitMs: 500, resetMs: 500 },
      state: empty,
    });
  });

  it('allows exactly when each bucket alone would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(buckets, fc.double({ min: 0, max: 5, noNaN: true }), fc.integer({ min: 0, max: 5 }))),
        (all) => {
          const checks = all.map(([bucket, tokens, cost]) => ({ bucket, state: { tokens, atMs: 0 }, cost }));
          const alone = checks.map(({ bucket, state, cost }) => decide(bucket, state, 10, cost).decision.allowed);
          expect(decideAll(checks, 10).allowed).toBe(alone.every(Boolean));
        },
      ),
    );
  });
});
