import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAccountThrottle } from '../../../../../local/twin/gateway/model/account-throttle.ts';
import { quota } from '../../../../../local/twin/gateway/model/quota.ts';
import {
  createThrottleState,
  evaluateThrottles,
  type PlanLimits,
  type ThrottleSubject,
} from '../../../../../local/twin/gateway/model/throttles.ts';
import { throttleLimit } from '../../../../../local/twin/gateway/model/token-bucket.ts';

const GET = 'GET /api/feed';
const accountOf = (ratePerSecond: number, burst: number) => createAccountThrottle({ ratePerSecond, burst });
const plan = (limits: Partial<PlanLimits>): PlanLimits => ({
  id: 'plan-free',
  name: 'free',
  clientMethod: new Map(),
  ...limits,
});
const subject = (overrides: Partial<ThrottleSubject>): ThrottleSubject => ({
  stageKey: 'api/dev',
  methodKey: GET,
  account: accountOf(1, 1_000),
  ...overrides,
});

/** Sends requests at once and answers `served` or the level that refused, in order. */
function send(count: number, of: ThrottleSubject, state = createThrottleState(0), nowMs = 0): string[] {
  return Array.from({ length: count }, () => {
    const verdict = evaluateThrottles(of, state, nowMs);
    return verdict.allowed ? 'served' : verdict.level;
  });
}

describe('evaluateThrottles', () => {
  test('asks the plan per client and method first', () => {
    const limits = plan({ clientMethod: new Map([[GET, throttleLimit(1, 1)]]), client: throttleLimit(1, 1) });
    expect(send(2, subject({ client: { keyId: 'k', plan: limits } }))).toEqual(['served', 'plan-client-method']);
  });

  test('then the plan per client, before the stage', () => {
    const client = { keyId: 'k', plan: plan({ client: throttleLimit(1, 1) }) };
    expect(send(2, subject({ client, stageMethod: throttleLimit(1, 1) }))).toEqual(['served', 'plan-client']);
  });

  test("then the plan's quota", () => {
    const client = { keyId: 'k', plan: plan({ quota: quota(1, 'DAY') }) };
    expect(send(2, subject({ client, stageMethod: throttleLimit(1, 1) }))).toEqual(['served', 'plan-quota']);
  });

  test('then the stage method, and last the account', () => {
    expect(send(2, subject({ stageMethod: throttleLimit(1, 1), account: accountOf(1, 1) }))).toEqual([
      'served',
      'stage-method',
    ]);
    expect(send(2, subject({ account: accountOf(1, 1) }))).toEqual(['served', 'account']);
  });

  test('gives every client buckets of its own, and all of them one account', () => {
    const state = createThrottleState(0);
    const limits = plan({ client: throttleLimit(1, 2) });
    const account = accountOf(1, 3);
    expect(send(3, subject({ client: { keyId: 'a', plan: limits }, account }), state)).toEqual([
      'served',
      'served',
      'plan-client',
    ]);
    expect(send(2, subject({ client: { keyId: 'b', plan: limits }, account }), state)).toEqual(['served', 'account']);
  });

  test('gives every method a bucket of its own at the stage', () => {
    const state = createThrottleState(0);
    const stageMethod = throttleLimit(1, 1);
    expect(send(1, subject({ stageMethod }), state)).toEqual(['served']);
    expect(send(1, subject({ stageMethod, methodKey: 'POST /api/feed' }), state)).toEqual(['served']);
    expect(send(1, subject({ stageMethod }), state)).toEqual(['stage-method']);
  });

  test('a refused request takes nothing from later levels', () => {
    const state = createThrottleState(0);
    const account = accountOf(0, 2);
    const narrow = { keyId: 'k', plan: plan({ client: throttleLimit(0, 1), quota: quota(9, 'DAY') }) };
    expect(send(50, subject({ client: narrow, account }), state).filter((end) => end === 'served')).toHaveLength(1);
    expect(state.quotas.get('plan-free k')?.used).toBe(1);
    expect(send(2, subject({ account }), state)).toEqual(['served', 'account']);
  });

  test('a request that the stage refuses has been counted by the plan', () => {
    const state = createThrottleState(0);
    const client = { keyId: 'k', plan: plan({ quota: quota(2, 'DAY') }) };
    const stageMethod = throttleLimit(0, 1);
    expect(send(3, subject({ client, stageMethod }), state)).toEqual(['served', 'stage-method', 'plan-quota']);
  });

  test('says which limit refused', () => {
    const state = createThrottleState(0);
    const account = accountOf(5, 0);
    expect(evaluateThrottles(subject({ account }), state, 0)).toEqual({
      allowed: false,
      level: 'account',
      limit: { ratePerSecond: 5, burst: 0 },
    });
  });

  test('serves at each level no more than its burst + rate × time, and a request only if all levels do', () => {
    fc.assert(
      fc.property(
        fc.record({
          method: fc.integer({ min: 1, max: 8 }),
          client: fc.integer({ min: 1, max: 8 }),
          stage: fc.integer({ min: 1, max: 8 }),
          account: fc.integer({ min: 1, max: 8 }),
        }),
        fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('GET /x', 'GET /y'), fc.nat(400)), {
          maxLength: 120,
        }),
        (bursts, arrivals) => {
          const state = createThrottleState(0);
          const limit = (burst: number) => throttleLimit(2, burst);
          const limits = plan({
            client: limit(bursts.client),
            clientMethod: new Map([['GET /x', limit(bursts.method)]]),
          });
          const account = accountOf(2, bursts.account);
          const served = new Map<string, number>();
          let nowMs = 0;
          for (const [keyId, methodKey, gap] of arrivals) {
            nowMs += gap;
            const verdict = evaluateThrottles(
              {
                methodKey,
                client: { keyId, plan: limits },
                stageMethod: limit(bursts.stage),
                stageKey: 'api/dev',
                account,
              },
              state,
              nowMs,
            );
            if (!verdict.allowed) continue;
            const spent = [
              ['account', bursts.account],
              [`stage ${methodKey}`, bursts.stage],
              [`client ${keyId}`, bursts.client],
              ...(methodKey === 'GET /x' ? [[`method ${keyId}`, bursts.method] as const] : []),
            ] as const;
            for (const [level, burst] of spent) {
              const count = (served.get(level) ?? 0) + 1;
              served.set(level, count);
              expect(count).toBeLessThanOrEqual(burst + (2 * nowMs) / 1_000 + 1e-6);
            }
          }
        },
      ),
    );
  });
});
