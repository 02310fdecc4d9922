import { describe, expect, it } from 'vitest';
import { createFailurePolicy } from '../../../../lambdas/adapters/admission/failure-policy.ts';
import { admissionRequest, limitCheck, slowBucket } from '../../../support/admission-requests.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const clock = new ManualClock();
const request = admissionRequest({ limits: [limitCheck(slowBucket(1))] });

describe('createFailurePolicy', () => {
  it.each([
    ['allow', 'admitted'],
    ['deny', 'limited'],
  ] as const)("with '%s' says '%s' without counting", (policy, outcome) => {
    expect(createFailurePolicy(policy, clock).decideNow(request)).toEqual({
      ...{
        outcome,
        decidedBy: policy,
        atMs: clock.now(),
        verdicts: [],
        load: undefined,
        breakers: [],
        lease: undefined,
      },
    });
  });

  it("with 'deny' admits what no limit may refuse", () => {
    const policy = createFailurePolicy('deny', clock);
    const onlyCounted = admissionRequest({ limits: [limitCheck(slowBucket(1), { dryRun: true })] });
    expect(policy.decideNow(admissionRequest()).outcome).toBe('admitted');
    expect(policy.decideNow(onlyCounted).outcome).toBe('admitted');
  });

  it("with 'local' counts in this process", () => {
    const policy = createFailurePolicy('local', clock);
    const decisions = [policy.decideNow(request), policy.decideNow(request)];
    expect(decisions.map(({ outcome, decidedBy }) => `${outcome} ${decidedBy}`)).toEqual([
      ...['admitted local', 'limited local'],
    ]);
  });
});
