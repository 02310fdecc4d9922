import { describe, expect, it } from 'vitest';
import type { LimitCheck } from '../../../../../lambdas/adapters/admission/admission.ts';
import { createLimitPlan } from '../../../../../lambdas/adapters/admission/limit-plan.ts';
import { admissionScript, shaOf } from '../../../../../lambdas/adapters/admission/lua/admission-script.ts';
import { planLoad } from '../../../../../lambdas/adapters/admission/lua/load-codec.ts';
import type { Limit } from '../../../../../lambdas/resilience/limiters/limit.ts';
import { limitCheck, slowBucket } from '../../../../support/admission-requests.ts';
import { describeInCaches } from '../../../../support/lua-harness.ts';

const planOf = (...checks: LimitCheck[]) => createLimitPlan(checks, ({ limit }) => limit);
const only = (isLasting: boolean) => ({ breakers: [], load: undefined, isLasting });
const LOAD = planLoad(
  { algorithm: 'gradient', min: 1, max: 9, initial: 5, leaseMs: 4_000, parkedMax: 3 },
  { parkable: true, readmitted: false },
);
const ALL: readonly Limit[] = [
  slowBucket(1),
  { algorithm: 'gcra', ratePerSecond: 1, burst: 1 },
  { algorithm: 'fixed-window', max: 1, windowMs: 1_000 },
  { algorithm: 'sliding-window', max: 1, windowMs: 1_000 },
  { algorithm: 'sliding-log', max: 1, windowMs: 1_000 },
];

describe('admissionScript', () => {
  const bucket = limitCheck({ algorithm: 'token-bucket', ratePerSecond: 3, burst: 7 });

  it('has the numbers of a plan that lasts written in, and asks for no argument', () => {
    const { text, numbers } = admissionScript({ ...only(true), limits: planOf(bucket) });
    expect(text).toContain('7000000.0');
    expect(text).not.toContain('ARGV');
    expect(numbers).toEqual([]);
  });

  it('is the same for whatever levers make of its numbers, which are its argument', () => {
    const scaled = { ...bucket, limit: slowBucket(70) };
    const scripts = [bucket, scaled].map((check) => admissionScript({ ...only(false), limits: planOf(check) }));
    expect(scripts[0]?.text).toBe(scripts[1]?.text);
    expect(scripts.map(({ numbers }) => numbers[1])).toEqual([7_000_000, 70_000_000]);
  });

  it('reads one key by itself', () => {
    expect(admissionScript({ ...only(true), limits: planOf(bucket) }).text).toContain("call('GET', KEYS[1])");
    const limits = planOf(bucket, { ...bucket, subject: 'ip:192.0.2.1' });
    expect(admissionScript({ ...only(true), limits }).text).toContain("call('MGET', KEYS[1], KEYS[2])");
  });
});

describeInCaches('a script of all that one request can be asked', (cache) => {
  it('has no more variables than Lua allows', async () => {
    // Eight limits of the route and two of the tier, and more dependencies than any route will need.
    const checks = Array.from({ length: 10 }, (_, id) =>
      limitCheck(ALL[id % ALL.length] as Limit, { id: 16 + id, subject: `claim:${id}` }),
    );
    const breakers = Array.from({ length: 12 }, () => [1, 0, 1_000, 60_000]);
    const { text } = admissionScript({ breakers, load: LOAD, limits: planOf(...checks), isLasting: true });
    const keys = Array.from({ length: breakers.length + 2 + checks.length }, (_, place) => `{0}all:${place}`);
    const reply = (await cache.client.callBuffer('EVAL', text, keys.length, ...keys, '30')) as Buffer;
    expect(reply[0]).toBe(0);
  });
});

describe('shaOf', () => {
  it('is the name that a store gives the script', () => {
    expect(shaOf('return 1')).toBe('e0e1f9fabfc9d4800c877a703b823ac0578ff8db');
  });
});
