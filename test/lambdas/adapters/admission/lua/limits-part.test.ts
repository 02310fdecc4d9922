import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LimitCheck } from '../../../../../lambdas/adapters/admission/admission.ts';
import {
  createLimitPlan,
  type LimitPlan,
  planSettlement,
  readLimits,
} from '../../../../../lambdas/adapters/admission/limit-plan.ts';
import { admissionScript, VERDICT_BYTES } from '../../../../../lambdas/adapters/admission/lua/admission-script.ts';
import { HEAD_PART } from '../../../../../lambdas/adapters/admission/lua/head-part.ts';
import { SETTLE_LIMITS } from '../../../../../lambdas/adapters/admission/lua/settle-limits-part.ts';
import {
  decideLimits,
  type LimitState,
  settleLimit,
} from '../../../../../lambdas/resilience/limiters/decide-limits.ts';
import {
  type Admitted,
  anyLimit,
  clockSteps,
  costs,
  definitionAdmits,
  forwardSteps,
  roundLimit,
} from '../../../../support/limit-oracle.ts';
import { describeInCaches, onTestClock } from '../../../../support/lua-harness.ts';

const SETTLE = onTestClock(`${HEAD_PART}${SETTLE_LIMITS}return 1`);
const START_MS = Date.UTC(2026, 10, 22, 23, 59, 50);

/** Ids in no order, and few of them, so that records hold what the plan at hand does not name. */
const policies = fc.uniqueArray(
  fc.record({
    limit: anyLimit,
    id: fc.integer({ min: 1, max: 9 }),
    subject: fc.constantFrom('user:a', 'user:b', 'route:c'),
    cost: costs,
    dryRun: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    /** Which requests it is part of: a route has some of a subject's limits only. */
    every: fc.constantFrom(1, 1, 2, 3),
  }),
  { minLength: 1, maxLength: 5, selector: ({ id, subject }) => `${id} ${subject}` },
);
const requests = fc.array(
  fc.record({
    advanceMs: clockSteps,
    /** Cost at the end, and after how many more requests it becomes known. */
    settled: fc.option(fc.record({ cost: fc.integer({ min: 0, max: 12 }), after: fc.integer({ min: 0, max: 3 }) })),
  }),
  { minLength: 1, maxLength: 25 },
);

interface Open {
  readonly due: number;
  readonly cost: number;
  readonly plan: LimitPlan;
  readonly keys: readonly string[];
  readonly names: readonly string[];
  readonly marks: readonly (number | undefined)[];
}

describeInCaches('the limits script', (cache) => {
  let runs = 0;

  const keysOf = (plan: LimitPlan, checks: readonly LimitCheck[], run: number) =>
    plan.keys.map(({ check, prefix }) => `{0}${prefix}${run}:${checks[check]?.subject}`);

  async function decide(plan: LimitPlan, keys: readonly string[], nowMs: number, isLasting = true) {
    const { text, numbers } = admissionScript({ breakers: [], load: undefined, limits: plan, isLasting });
    const words = [...(numbers.length === 0 ? [] : [JSON.stringify(numbers)]), String(nowMs)];
    const reply = await cache.client.callBuffer('EVAL', onTestClock(text), keys.length, ...keys, ...words);
    const bytes = reply as Buffer;
    const verdict = bytes[0];
    return { verdict, ...readLimits(plan, bytes, VERDICT_BYTES, nowMs, verdict === 0) };
  }

  it('decides and settles like the TypeScript twin, to the last bit, over random sequences', async () => {
    let denials = 0;
    await fc.assert(
      fc.asyncProperty(policies, requests, fc.boolean(), async (all, sequence, isLasting) => {
        const run = runs++;
        const states = new Map<string, LimitState | undefined>();
        const open: Open[] = [];
        let nowMs = START_MS;
        for (const [index, { advanceMs, settled }] of sequence.entries()) {
          nowMs += advanceMs;
          for (const { cost, plan, keys, names, marks } of open.filter(({ due }) => due === index)) {
            const settlement = planSettlement(plan, marks, cost);
            for (const [at, limit] of plan.limits.entries()) {
              const name = names[at] as string;
              const mark = marks[at];
              if (mark === undefined || cost === limit.cost) continue;
              states.set(name, settleLimit(limit.limit, states.get(name), nowMs, cost - limit.cost, mark));
            }
            if (settlement === undefined) continue;
            const places = settlement.keys.map((place) => keys[place] as string);
            await cache.client.eval(
              SETTLE,
              places.length,
              ...places,
              JSON.stringify(settlement.numbers),
              String(nowMs),
            );
          }
          const used = all.filter(({ every }) => index % every === 0);
          if (used.length === 0) continue;
          const checks = used.map((one) => ({ ...one, policy: 'p', fleetWide: false, settled: true }));
          const plan = createLimitPlan(checks, ({ limit }) => limit);
          const keys = keysOf(plan, checks, run);
          const names = checks.map(({ id, subject }) => `${id} ${subject}`);
          const twin = decideLimits(
            checks.map((check, at) => ({ ...check, state: states.get(names[at] as string) })),
            nowMs,
          );
          if (!twin.allowed) denials++;
          const { verdict, verdicts, marks } = await decide(plan, keys, nowMs, isLasting);
          expect({ verdict, verdicts }).toEqual({
            verdict: twin.allowed ? 0 : 1,
            verdicts: twin.steps.map((step) => step.verdict),
          });
          expect(marks).toEqual(twin.steps.map(({ taken, mark }) => (taken ? mark : undefined)));
          for (const [at, { state }] of twin.steps.entries()) states.set(names[at] as string, state);
          if (twin.allowed && settled !== null) {
            open.push({ due: index + 1 + settled.after, cost: settled.cost, plan, keys, names, marks });
          }
        }
      }),
      { numRuns: cache.embedded ? 60 : 200 },
    );
    expect(denials).toBeGreaterThan(50);
  });

  it('admits exactly what the definitions admit, while the clock goes forward', async () => {
    const sequences = fc.array(fc.tuple(forwardSteps, costs), { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(roundLimit, sequences, async (limit, steps) => {
        const run = runs++;
        const admitted: Admitted[] = [];
        let nowMs = START_MS;
        for (const [advanceMs, cost] of steps) {
          nowMs += advanceMs;
          const check = { id: 16, policy: 'p', limit, subject: 'user:a', cost, dryRun: false, fleetWide: false };
          const plan = createLimitPlan([check], () => limit);
          const { verdict } = await decide(plan, keysOf(plan, [check], run), nowMs);
          expect(verdict === 0).toBe(definitionAdmits(limit, admitted, nowMs, cost));
          if (verdict === 0) admitted.push({ atMs: nowMs, cost });
        }
      }),
      { numRuns: cache.embedded ? 40 : 100 },
    );
  });

  it('keeps a record as long as its limits need it, though it seldom sets how long that is', async () => {
    const sequences = fc.array(fc.tuple(fc.integer({ min: 0, max: 3_000 }), costs), { minLength: 1, maxLength: 20 });
    const endless = roundLimit.filter(({ algorithm }) => algorithm !== 'sliding-log');
    await fc.assert(
      fc.asyncProperty(endless, sequences, async (limit, steps) => {
        const key = `{0}ttl:${runs++}`;
        let nowMs = START_MS;
        let state: LimitState | undefined;
        // The server's clock does not follow the test's: what was set is reckoned from when it was set.
        let endsMs = 0;
        for (const [advanceMs, cost] of steps) {
          nowMs += advanceMs;
          const check = { id: 16, policy: 'p', limit, subject: 'user:a', cost, dryRun: false, fleetWide: false };
          const plan = createLimitPlan([check], () => limit);
          const step = decideLimits([{ limit, state, cost, dryRun: false }], nowMs).steps[0];
          state = step?.state;
          if (await cache.client.exists(key)) await cache.client.pexpire(key, 1_000_000_000_000);
          await decide(plan, [key], nowMs);
          const left = await cache.client.pttl(key);
          if (left > 0 && left < 900_000_000_000) endsMs = nowMs + left;
          if (step?.taken && cost > 0) expect(endsMs).toBeGreaterThanOrEqual(nowMs + step.verdict.resetMs);
        }
      }),
      { numRuns: cache.embedded ? 20 : 60 },
    );
  });
});
