import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  BREAKER_RECORD_SCRIPT,
  BREAKER_REPLY_BYTES,
  breakerCode,
} from '../../../../../lambdas/adapters/admission/lua/breaker-part.ts';
import { CLOCK_PART } from '../../../../../lambdas/adapters/admission/lua/head-part.ts';
import { packAll } from '../../../../../lambdas/adapters/admission/lua/packed.ts';
import { breakerOf, probeLeaseMs } from '../../../../../lambdas/adapters/dependencies/breaker-of.ts';
import { breakerPlan, recordPlan } from '../../../../../lambdas/adapters/dependencies/breaker-plan.ts';
import { fromBreakerRecord, toBreakerRecord } from '../../../../../lambdas/adapters/dependencies/breaker-record.ts';
import { readBreakerReply } from '../../../../../lambdas/adapters/dependencies/breaker-reply.ts';
import type { ClaimedBreakerView } from '../../../../../lambdas/adapters/dependencies/breaker-store.ts';
import type { DependencySpec } from '../../../../../lambdas/contract/admission-spec.ts';
import type { Outcome } from '../../../../../lambdas/resilience/outcome-window.ts';
import {
  claimProbe,
  lookAtShared,
  recordShared,
  type SharedBreakerState,
} from '../../../../../lambdas/resilience/shared-breaker.ts';
import { describeInCaches, onTestClock } from '../../../../support/lua-harness.ts';

/** What the rest of admission found out comes as the first argument. */
const lookScript = (plan: readonly number[]) => {
  const { look, commit, reply } = breakerCode(plan, 0, 'KEYS[1]', 'values[1]');
  return onTestClock(`${CLOCK_PART}
local values, verdict = call('MGET', unpack(KEYS)), 0
${look}
if verdict == 0 then verdict = ARGV[1] + 0 end
${commit}
return ${packAll([{ format: 'B', values: ['verdict'], bytes: 1 }, reply])}`);
};
const RECORD = onTestClock(BREAKER_RECORD_SCRIPT);

const NOW_MS = 1_793_491_200_000;
const SPEC: DependencySpec = {
  failureRatio: 0.5,
  slowRatio: 1,
  slowAfterMs: 100,
  window: 4,
  minimumCalls: 2,
  openMs: 1_000,
  halfOpenCalls: 2,
  timeoutMs: 200,
  attempts: 3,
};
const LEASE_MS = probeLeaseMs(SPEC);

const specs = fc.record({
  failureRatio: fc.constantFrom(0.1, 1 / 3, 0.5, 1),
  slowRatio: fc.constantFrom(0.2, 0.7, 1),
  window: fc.integer({ min: 1, max: 8 }),
  minimumCalls: fc.integer({ min: 1, max: 10 }),
  openMs: fc.integer({ min: 1, max: 2_000 }),
  halfOpenCalls: fc.integer({ min: 1, max: 4 }),
});
const steps = fc.array(
  fc.record({
    advanceMs: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: -500, max: 3_000 })),
    /** Looks as an admitted or as a refused request, or records. */
    what: fc.constantFrom('admitted', 'refused', 'calls', 'calls', 'claimed calls', 'old claim'),
    outcomes: fc.array(fc.constantFrom<Outcome>(0, 0, 0, 1, 2, 3), { maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 30 },
);

describeInCaches('the breaker part of admission', (cache) => {
  let runs = 0;

  interface Request {
    readonly spec?: DependencySpec;
    readonly required?: boolean;
    readonly forced?: 'forced-open' | 'disabled';
    /** What the other parts decided. */
    readonly verdict?: number;
  }

  async function look(key: string, nowMs: number, request: Request = {}) {
    const { spec = SPEC, required = false, forced, verdict = 0 } = request;
    const script = lookScript(breakerPlan({ name: 'db', required, spec }, forced));
    const reply = (await cache.client.callBuffer(...(['EVAL', script, 1, key, verdict, nowMs] as const))) as Buffer;
    expect(reply.length).toBe(1 + BREAKER_REPLY_BYTES);
    return { verdict: reply.readUInt8(0), view: readBreakerReply(reply, 1, 'db') };
  }

  async function record(key: string, nowMs: number, outcomes: readonly Outcome[], claimMs = 0, spec = SPEC) {
    const plan = recordPlan({ dependency: { name: 'db', spec }, outcomes, claimMs });
    await cache.client.eval(RECORD, 1, key, JSON.stringify(plan), outcomes.join(''), String(nowMs));
  }

  async function stored(key: string) {
    const record = await cache.client.getBuffer(key);
    if (record === null) return undefined;
    return {
      phase: (['closed', 'open', 'half-open'] as const)[record.readUInt8(0)],
      tillMs: record.readDoubleLE(1),
      window: record.subarray(9).toString('latin1'),
    };
  }

  const CLOSED: ClaimedBreakerView = {
    name: 'db',
    state: 'closed',
    isProbe: false,
    isWatched: false,
    retryMs: 0,
    claimMs: 0,
  };

  it('goes the way of its TypeScript twin, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(specs, steps, async (numbers, sequence) => {
        const key = `{0}twin:${runs++}`;
        const spec = { ...SPEC, ...numbers };
        const breaker = breakerOf(spec);
        let state: SharedBreakerState | undefined;
        let [nowMs, claimMs] = [NOW_MS, 0];
        for (const { advanceMs, what, outcomes } of sequence) {
          nowMs += advanceMs;
          if (what === 'admitted' || what === 'refused') {
            const seen = lookAtShared(breaker, state, nowMs);
            const isProbe = seen.mayProbe && what === 'admitted';
            if (isProbe && state !== undefined) {
              state = claimProbe(breaker, state, nowMs, LEASE_MS);
              claimMs = state.claimMs;
            }
            expect((await look(key, nowMs, { spec, verdict: what === 'admitted' ? 0 : 1 })).view).toEqual({
              name: 'db',
              state: seen.phase,
              isProbe,
              isWatched: state !== undefined,
              retryMs: seen.retryMs,
              claimMs: isProbe ? claimMs : 0,
            });
          } else {
            const claim = { calls: 0, 'claimed calls': claimMs, 'old claim': Math.max(0, claimMs - 1) }[what];
            state = recordShared(breaker, state, outcomes, claim, nowMs);
            await record(key, nowMs, outcomes, claim, spec);
          }
          expect(await stored(key)).toEqual(state && toBreakerRecord(state));
          // What a store keeps is enough to go on from.
          state = state && fromBreakerRecord(breaker, toBreakerRecord(state));
        }
      }),
      { numRuns: cache.embedded ? 40 : 150 },
    );
  });

  it('writes nothing while all is well', async () => {
    await record('{0}well', NOW_MS, [0, 0, 0]);
    expect(await look('{0}well', NOW_MS, { required: true })).toEqual({ verdict: 0, view: CLOSED });
    expect(await cache.client.exists('{0}well')).toBe(0);
  });

  it('lets every record end, and deletes one that has nothing bad to tell', async () => {
    await record('{0}life', NOW_MS, [1]);
    const life = () => cache.client.pttl('{0}life');
    expect(await life()).toBeGreaterThan(600_000);
    await record('{0}life', NOW_MS, [1]);
    await cache.client.pexpire('{0}life', 5_000);
    await look('{0}life', NOW_MS + 1_001);
    expect(await life()).toBeGreaterThan(600_000);
    await record('{0}life', NOW_MS + 1_001, [0, 0], NOW_MS + 1_001 + LEASE_MS);
    expect(await cache.client.exists('{0}life')).toBe(0);
  });

  it('refuses who requires an open breaker, and says for how long', async () => {
    await record('{0}open', NOW_MS, [1, 1]);
    const view = { ...CLOSED, state: 'open', isWatched: true, retryMs: 1 };
    expect(await look('{0}open', NOW_MS + 1_000, { required: true })).toEqual({ verdict: 4, view });
    expect(await look('{0}open', NOW_MS + 1_000, { required: false })).toEqual({ verdict: 0, view });
    expect((await look('{0}open', NOW_MS + 1_000, { required: true, verdict: 2 })).verdict).toBe(4);
  });

  it('claims nothing for a request that is refused, nor for one that is parked', async () => {
    await record('{0}refused', NOW_MS, [1, 1]);
    for (const verdict of [1, 2, 3]) {
      const { view } = await look('{0}refused', NOW_MS + 1_001, { required: true, verdict });
      expect(view).toEqual({ ...CLOSED, state: 'half-open', isWatched: true });
    }
    expect((await look('{0}refused', NOW_MS + 1_001, { required: true })).view.isProbe).toBe(true);
  });

  it('gives half-open to exactly one of many at a time, and to another once its lease is over', async () => {
    await record('{0}many', NOW_MS, [1, 1]);
    const probes = async (nowMs: number) => {
      const all = await Promise.all(Array.from({ length: 50 }, () => look('{0}many', nowMs, { required: true })));
      for (const { verdict, view } of all) expect(verdict).toBe(view.isProbe ? 0 : 4);
      return all.filter(({ view }) => view.isProbe).length;
    };
    expect(await probes(NOW_MS + 1_000)).toBe(0);
    expect(await probes(NOW_MS + 1_001)).toBe(1);
    expect(await probes(NOW_MS + 1_000 + LEASE_MS)).toBe(0);
    expect(await probes(NOW_MS + 1_001 + LEASE_MS)).toBe(1);
  });

  it('does as a lever says, whatever it has measured', async () => {
    expect(await look('{0}lever', NOW_MS, { required: true, forced: 'forced-open' })).toEqual({
      verdict: 4,
      view: { ...CLOSED, state: 'forced-open' },
    });
    await record('{0}lever', NOW_MS, [1, 1]);
    expect(await look('{0}lever', NOW_MS, { required: true, forced: 'disabled' })).toEqual({
      verdict: 0,
      view: { ...CLOSED, state: 'disabled' },
    });
  });
});
