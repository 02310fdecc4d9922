import { describe, expect, it } from 'vitest';
import { LocalAdmission } from '../../../../lambdas/adapters/admission/local-admission.ts';
import type { Limit } from '../../../../lambdas/resilience/limiters/limit.ts';
import { admissionRequest, limitCheck } from '../../../support/admission-requests.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const bucket = (burst: number): Limit => ({ algorithm: 'token-bucket', ratePerSecond: 1, burst });
const of = (subject: string, burst = 1) => limitCheck(bucket(burst), { subject });
const ask = (admission: LocalAdmission, ...limits: ReturnType<typeof of>[]) =>
  admission.decideNow(admissionRequest({ limits }));

describe('LocalAdmission', () => {
  it('counts by subject, and refills with time', async () => {
    const clock = new ManualClock();
    const admission = new LocalAdmission(clock);
    expect(ask(admission, of('a')).outcome).toBe('admitted');
    expect(ask(admission, of('b')).outcome).toBe('admitted');
    clock.advance(999);
    expect(ask(admission, of('a')).outcome).toBe('limited');
    clock.advance(1);
    expect(await admission.decide(admissionRequest({ limits: [of('a')] }))).toMatchObject({
      ...{ outcome: 'admitted', decidedBy: 'local', atMs: clock.now(), load: undefined, breakers: [] },
      verdicts: [{ allowed: true, remaining: 0, waitMs: 0, resetMs: 1_000 }],
    });
  });

  it('takes from all limits or from none', () => {
    const admission = new LocalAdmission(new ManualClock());
    ask(admission, of('one'));
    ask(admission, of('many', 5), of('one'));
    expect(ask(admission, of('many', 5)).verdicts[0]?.remaining).toBe(4);
  });

  it('settles what the handler says', () => {
    const admission = new LocalAdmission(new ManualClock());
    const request = admissionRequest({ limits: [limitCheck(bucket(10), { cost: 4, settled: true }), of('b', 10)] });
    const decision = admission.decideNow(request);
    admission.settle(request, decision, { kind: 'success', latencyRatio: 1, cost: 1 });
    expect(admission.decideNow(request).verdicts.map(({ remaining }) => remaining)).toEqual([5, 8]);
  });

  it('remembers so many callers and forgets the one that was away longest', () => {
    const admission = new LocalAdmission(new ManualClock(), 2);
    for (const subject of ['a', 'b', 'a', 'c']) ask(admission, of(subject, 3));
    expect(ask(admission, of('a', 3)).verdicts[0]?.remaining).toBe(0);
    expect(ask(admission, of('b', 3)).verdicts[0]?.remaining).toBe(2);
  });

  it('counts each entry of a log as a caller, so that memory stays bounded', () => {
    const clock = new ManualClock();
    const admission = new LocalAdmission(clock, 8);
    const log = limitCheck({ algorithm: 'sliding-log', max: 5, windowMs: 60_000 }, { subject: 'log' });
    ask(admission, of('a', 3));
    for (let i = 0; i < 5; i++) {
      clock.advance(1);
      ask(admission, log);
    }
    for (const subject of ['b', 'c']) ask(admission, of(subject, 3));
    // One too many: the first caller is gone, the log is still there.
    expect(ask(admission, log).outcome).toBe('limited');
    expect(ask(admission, of('a', 3)).verdicts[0]?.remaining).toBe(2);
  });
});
