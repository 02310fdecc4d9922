import { Metrics } from '@aws-lambda-powertools/metrics';
import { describe, expect, it, vi } from 'vitest';
import type { AdmissionDecision } from '../../../../lambdas/adapters/admission/admission.ts';
import { createAdmissionMetrics } from '../../../../lambdas/adapters/admission/admission-metrics.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const plan = {
  priority: 'critical' as const,
  limits: [
    { policy: 'POST /feed:posts', spec: { dryRun: false } },
    { policy: 'global:trial', spec: { dryRun: true } },
  ],
};
const verdict = (allowed: boolean) => ({ allowed, remaining: 0, waitMs: 0, resetMs: 0 });
const decision = (more: Partial<AdmissionDecision>): AdmissionDecision => ({
  outcome: 'admitted',
  decidedBy: 'store',
  atMs: 0,
  verdicts: [verdict(true), verdict(true)],
  load: undefined,
  breakers: [],
  lease: undefined,
  ...more,
});

function createFixture() {
  const clock = new ManualClock();
  const written: Record<string, unknown>[] = [];
  const print = vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    written.push(JSON.parse(String(line)));
    return true;
  });
  const metrics = createAdmissionMetrics(new Metrics({ namespace: 'Spillway', serviceName: 'Feed' }), clock);
  const flush = () => {
    metrics.flush();
    print.mockRestore();
    return written.map(({ _aws, ...members }) => {
      const [directive] = (_aws as { CloudWatchMetrics: { Dimensions: string[][] }[] }).CloudWatchMetrics;
      return { ...members, dimensions: directive?.Dimensions };
    });
  };
  return { clock, metrics, flush };
}

describe('createAdmissionMetrics', () => {
  it('counts what meets a queue that is behind', () => {
    const { clock, metrics, flush } = createFixture();
    metrics.countBehind('video', 'refused');
    metrics.countBehind('video', 'refused');
    metrics.countBehind('video', 'unknown');
    clock.advance(10_000);
    const dimensions = [['service', 'Queue', 'Outcome']];
    expect(flush()).toEqual([
      { service: 'Feed', Queue: 'video', Outcome: 'refused', BehindDecisions: 2, dimensions },
      { service: 'Feed', Queue: 'video', Outcome: 'unknown', BehindDecisions: 1, dimensions },
    ]);
  });

  it('counts by policy and by priority, several requests in one line, and never by user', () => {
    const { clock, metrics, flush } = createFixture();
    metrics.count(plan, decision({}));
    metrics.count(plan, decision({}));
    metrics.count(plan, decision({ outcome: 'limited', verdicts: [verdict(false), verdict(false)] }));
    clock.advance(10_000);
    const byPolicy = { service: 'Feed', dimensions: [['service', 'Policy', 'Outcome']] };
    const byPriority = { service: 'Feed', Priority: 'critical', dimensions: [['service', 'Priority', 'Outcome']] };
    expect(flush()).toEqual([
      { ...byPriority, Outcome: 'admitted', AdmissionDecisions: 2 },
      { ...byPolicy, Policy: 'POST /feed:posts', Outcome: 'allowed', PolicyDecisions: 2 },
      { ...byPolicy, Policy: 'global:trial', Outcome: 'allowed', PolicyDecisions: 2 },
      { ...byPriority, Outcome: 'limited', AdmissionDecisions: 1 },
      { ...byPolicy, Policy: 'POST /feed:posts', Outcome: 'refused', PolicyDecisions: 1 },
      { ...byPolicy, Policy: 'global:trial', Outcome: 'would-refuse', PolicyDecisions: 1 },
    ]);
  });

  it.each(['allow', 'deny', 'local'] as const)(
    'says how many decisions were made without the store: %s',
    (decidedBy) => {
      const { clock, metrics, flush } = createFixture();
      metrics.count(plan, decision({ decidedBy, verdicts: [] }));
      clock.advance(10_000);
      expect(flush()).toMatchObject([
        { AdmissionDecisions: 1 },
        { DecisionsWithoutStore: 1, dimensions: [['service']] },
      ]);
    },
  );

  it('does not count what the block list knew', () => {
    const { clock, metrics, flush } = createFixture();
    metrics.count(plan, decision({ decidedBy: 'block-list', outcome: 'limited', verdicts: [] }));
    clock.advance(10_000);
    expect(flush()).toHaveLength(1);
  });

  it('writes nothing before ten seconds have passed, nor twice', () => {
    const { clock, metrics, flush } = createFixture();
    metrics.count(plan, decision({}));
    clock.advance(9_999);
    metrics.flush();
    clock.advance(1);
    metrics.flush();
    metrics.flush();
    expect(flush()).toHaveLength(3);
  });

  it('counts what meets a queue that is behind, by queue and outcome', () => {
    const { clock, metrics, flush } = createFixture();
    metrics.countBehind('media', 'refused');
    clock.advance(10_000);
    expect(flush()).toEqual([
      {
        ...{ service: 'Feed', Queue: 'media', Outcome: 'refused', BehindDecisions: 1 },
        dimensions: [['service', 'Queue', 'Outcome']],
      },
    ]);
  });
});
