import { CAPACITY_PER_SECOND, type FLOWS, flowOf } from '../../local/demo/overload/flows.ts';
import { requestsBySecond } from '../../local/demo/overload/offer-phases.ts';
import type { OverloadRun } from '../../local/demo/overload/overload-run.ts';
import type { ParkedEnd } from '../../local/demo/overload/parked-orders.ts';
import { fallSeconds, phaseAt, planPhases } from '../../local/demo/overload/phases.ts';
import { type Sample, Timeline } from '../../local/demo/overload/timeline.ts';
import { judgeRun } from '../../local/demo/overload/verdicts.ts';
import type { OfferedOutcome } from '../../local/load/offer-at-rate.ts';
import { seededRandom } from '../../local/soak/seeded-random.ts';

const SHED = 'urn:spillway:problem:overloaded';
const TARGET_MS = 500;

/** A run as it goes where everything goes well, made up from a seed. */
export function overloadSampleRun(seed = 1): OverloadRun & { readonly timeline: Timeline } {
  const phases = planPhases(1.4);
  const timeline = new Timeline(phases);
  const random = seededRandom(seed);
  const parked: ParkedEnd[] = [];
  const fell = fallSeconds(phases);
  for (const [second, count] of requestsBySecond(phases, CAPACITY_PER_SECOND).entries()) {
    const samples: Sample[] = [];
    for (let index = 0; index < count; index += 1) {
      const flow = flowOf(random());
      const atSeconds = second + index / count;
      const outcome = sampleOutcome(flow.name, phaseAt(phases, second).name, second, fell, random);
      if (outcome.status === 202) {
        parked.push({ reference: `order-${parked.length}`, kind: 'answered', statusCode: 201, atSeconds: fell + 12 });
      }
      samples.push({ flow: flow.name, atSeconds, outcome });
    }
    timeline.add(samples);
  }
  const facts = { phases, targetMs: TARGET_MS, parked, breaches: [] };
  return {
    ...facts,
    timeline,
    startedAt: '2026-11-22T08:00:00.000Z',
    seed,
    lateMs: 3,
    capacityPerSecond: CAPACITY_PER_SECOND,
    seconds: timeline.seconds(),
    breaker: timeline.breakerChanges(),
    tallies: phases.map(({ name }) => ({ phase: name, flows: timeline.tally(name) })),
    verdicts: judgeRun({ ...facts, timeline }),
  };
}

function sampleOutcome(
  flow: (typeof FLOWS)[number]['name'],
  phase: string,
  second: number,
  fell: number,
  random: () => number,
): OfferedOutcome {
  const isLoaded =
    phase === 'overload' || phase === 'slow-index' || second === fell || (phase === 'ramp' && random() < 0.4);
  const refuses = { checkout: 0, orders: 0.5, feed: 0.5, search: 0.97 }[flow];
  if (isLoaded && random() < refuses) {
    return flow === 'orders'
      ? { status: 202, latencyMs: 20, headers: { location: '/api/parked/1' } }
      : { status: 503, reason: SHED, latencyMs: 12 + 8 * random(), headers: {} };
  }
  const asksIndex = flow === 'feed' || flow === 'search';
  const breaker = phase !== 'slow-index' || second % 7 === 0 ? 'closed' : second % 5 === 0 ? 'half-open' : 'open';
  const overload = isLoaded ? 0.7 + 0.05 * random() : 0;
  const view = `overload=${overload.toFixed(3)}, in-flight=${isLoaded ? 5 : 2}, limit=5.000, parked=${isLoaded ? second - 15 : 0}`;
  return {
    status: flow === 'orders' ? 201 : 200,
    latencyMs: 160 + 60 * random() ** 4 + (asksIndex && phase === 'slow-index' && breaker !== 'open' ? 200 : 0),
    headers: { 'drill-admission': asksIndex ? `${view}, breaker=${breaker}` : view },
  };
}
