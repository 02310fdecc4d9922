import { describe, expect, it } from 'vitest';
import { fallSeconds } from '../../../../local/demo/overload/phases.ts';
import { type Sample, Timeline } from '../../../../local/demo/overload/timeline.ts';
import { judgeRun, type RunFacts } from '../../../../local/demo/overload/verdicts.ts';
import { overloadSampleRun } from '../../../support/overload-sample-run.ts';

const run = overloadSampleRun();
const { phases } = run;

/** The good run, with some of its requests ended otherwise. */
function judge(change: (sample: Sample) => Sample, facts: Partial<RunFacts> = {}) {
  const timeline = new Timeline(phases);
  timeline.add(run.timeline.samples.map(change));
  return judgeRun({ phases, timeline, targetMs: 500, parked: run.parked, breaches: [], ...facts });
}
const asItWas = (sample: Sample): Sample => sample;
const missed = (verdicts: ReturnType<typeof judgeRun>) =>
  verdicts.filter(({ isMet }) => !isMet).map(({ title }) => title);
const isOverloaded = (sample: Sample) => {
  const [from, to] = [phases[2]?.fromSeconds ?? 0, phases[3]?.toSeconds ?? 0];
  return sample.atSeconds >= from && sample.atSeconds < to;
};
const shed = (sample: Sample): Sample => ({
  ...sample,
  outcome: { ...sample.outcome, status: 503, reason: 'urn:spillway:problem:overloaded' },
});

describe('judgeRun', () => {
  it('has nothing against a run that went well', () => {
    expect(missed(judge(asItWas))).toEqual([]);
  });

  it('wants 99 % of critical requests served at twice the capacity: just enough, and one too few', () => {
    const critical = run.timeline.samples.filter((sample) => sample.flow === 'checkout' && isOverloaded(sample));
    const mayFail = Math.floor(critical.length / 100);
    const failing = (count: number) => {
      const chosen = new Set(critical.slice(0, count));
      return judge((sample) =>
        chosen.has(sample) ? { ...sample, outcome: { ...sample.outcome, status: 500 } } : sample,
      );
    };
    expect(missed(failing(mayFail))).toEqual([]);
    expect(missed(failing(mayFail + 1))).toEqual(['Critical requests succeed at twice the capacity']);
  });

  it('wants their p99 below the target', () => {
    expect(
      missed(judge(asItWas, { targetMs: run.timeline.tally('overload', 'slow-index').checkout.p99Ms ?? 0 })),
    ).toEqual(['And they are fast: p99 under the target']);
  });

  it('wants the least important to go first, and most', () => {
    const title = 'What matters least is shed first';
    const early = (sample: Sample) => sample.flow === 'feed' && sample.atSeconds < 1;
    expect(missed(judge((sample) => (early(sample) ? shed(sample) : sample)))).toEqual([title]);
    const middle = (sample: Sample) => sample.flow === 'feed' && isOverloaded(sample);
    expect(missed(judge((sample) => (middle(sample) ? shed(sample) : sample)))).toEqual([title]);
  });

  it('wants all to be served 30 s after the fall', () => {
    const late = run.timeline.samples.find(({ atSeconds }) => atSeconds >= fallSeconds(phases) + 30);
    const verdicts = judge((sample) => (sample === late ? shed(sample) : sample));
    expect(missed(verdicts)).toEqual(['30 s after the load fell all is served again']);
    expect(verdicts.find(({ isMet }) => !isMet)?.measured).toContain('30.0 s after the fall');
    const justBefore = run.timeline.samples.findLast(({ atSeconds }) => atSeconds < fallSeconds(phases) + 30);
    expect(missed(judge((sample) => (sample === justBefore ? shed(sample) : sample)))).toEqual([]);
  });

  it.each([
    ['none', []],
    ['one that expired', [{ reference: 'a', kind: 'expired' }]],
    ['one that waits', [{ reference: 'a', kind: 'waiting' }]],
    ['one that failed', [{ reference: 'a', kind: 'answered', statusCode: 500, atSeconds: 0 }]],
    ['one too late', [{ reference: 'a', kind: 'answered', statusCode: 201, atSeconds: fallSeconds(phases) + 30.1 }]],
  ] as const)('wants every parked request answered in time, not %s', (_what, parked) => {
    expect(missed(judge(asItWas, { parked }))).toEqual(['And every parked request is answered']);
  });

  it('wants each order to have its effect once', () => {
    expect(missed(judge(asItWas, { breaches: ['order a was shed'] }))).toEqual(['Each order has exactly one effect']);
  });

  it('wants to have seen the breaker open, and closed at the end', () => {
    const title = 'The breaker opens on the slow index, and closes after';
    const withState = (sample: Sample, state: string) => {
      const header = String(sample.outcome.headers['drill-admission'] ?? '').replace(
        /breaker=[\w-]+/,
        `breaker=${state}`,
      );
      return { ...sample, outcome: { ...sample.outcome, headers: { 'drill-admission': header } } };
    };
    expect(missed(judge((sample) => withState(sample, 'closed')))).toEqual([title]);
    expect(missed(judge((sample) => withState(sample, sample.atSeconds < 40 ? 'closed' : 'open')))).toEqual([title]);
  });
});
