import { describe, expect, it } from 'vitest';
import { planPhases } from '../../../../local/demo/overload/phases.ts';
import { outcomeKind, type Sample, Timeline } from '../../../../local/demo/overload/timeline.ts';

const phases = planPhases(1.4);

function sample(
  atSeconds: number,
  { status = 200, latencyMs = 100, header }: { status?: number; latencyMs?: number; header?: string } = {},
): Sample {
  const headers = header === undefined ? {} : { 'drill-admission': header };
  const reason = status === 503 ? { reason: 'urn:spillway:problem:overloaded' } : {};
  return { flow: 'feed', atSeconds, outcome: { status, latencyMs, headers, ...reason } };
}

describe('outcomeKind', () => {
  it.each([
    [200, undefined, 'admitted'],
    [201, undefined, 'admitted'],
    [202, undefined, 'parked'],
    [503, 'urn:spillway:problem:overloaded', 'shed'],
    [503, 'urn:spillway:problem:dependency-unavailable', 'failed'],
    [429, 'urn:spillway:problem:rate-limited', 'failed'],
    [500, undefined, 'failed'],
    [0, 'no answer', 'failed'],
  ] as const)('of status %s with reason %s is %s', (status, reason, kind) => {
    expect(outcomeKind({ status, ...(reason && { reason }) })).toBe(kind);
  });
});

describe('Timeline', () => {
  it('counts by the second in which requests were due, without gaps', () => {
    const timeline = new Timeline(phases);
    timeline.add([
      sample(2.5, { status: 503 }),
      sample(0),
      sample(2.9, { latencyMs: 300 }),
      sample(2, { status: 202 }),
    ]);
    const feed = timeline.seconds().map(({ flows }) => flows.feed);
    expect(feed).toHaveLength(3);
    expect(feed[1]).toMatchObject({ offered: 0, p50Ms: undefined });
    expect(feed[2]).toEqual({ offered: 3, admitted: 1, parked: 1, shed: 1, failed: 0, p50Ms: 300, p99Ms: 300 });
  });

  it('has nothing before the first sample', () => {
    expect(new Timeline(phases).seconds()).toEqual([]);
  });

  it('takes the latency of what was served alone', () => {
    const timeline = new Timeline(phases);
    timeline.add([sample(0, { status: 503, latencyMs: 1 }), sample(0, { latencyMs: 120 })]);
    expect(timeline.tally('warm-up').feed).toMatchObject({ p50Ms: 120, p99Ms: 120 });
  });

  it('tallies some phases together', () => {
    const timeline = new Timeline(phases);
    timeline.add(phases.map(({ fromSeconds }) => sample(fromSeconds)));
    expect(timeline.tally('overload', 'slow-index').feed.offered).toBe(2);
    expect(timeline.tally('overload').search.offered).toBe(0);
  });

  it('shows the means of what the answers of a second said of the service', () => {
    const timeline = new Timeline(phases);
    const header = (overload: number) => `overload=${overload}, in-flight=4, limit=5, parked=1`;
    timeline.add([sample(0, { header: header(0.2) }), sample(0.5, { header: header(0.4) }), sample(1)]);
    const [first, second] = timeline.seconds();
    expect(first?.system).toEqual({ overload: expect.closeTo(0.3, 9), inFlight: 4, limit: 5, parked: 1 });
    expect(second?.system).toBeUndefined();
  });

  it('tells of each change of the breaker once, in order of time, from closed on', () => {
    const timeline = new Timeline(phases);
    const header = (state: string) => `overload=0, in-flight=0, limit=5, parked=0, breaker=${state}`;
    const states = ['closed', 'open', 'open', 'half-open', 'closed'];
    timeline.add(states.map((state, index) => sample(index + 0.5, { header: header(state) })).reverse());
    expect(timeline.breakerChanges()).toEqual([
      { atSeconds: 0, state: 'closed' },
      { atSeconds: 1.5, state: 'open' },
      { atSeconds: 3.5, state: 'half-open' },
      { atSeconds: 4.5, state: 'closed' },
    ]);
  });
});
