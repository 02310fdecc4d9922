import { callsToJudge } from '../../resilience/circuit-breaker.ts';
import type { DependencyCheck } from '../admission/admission.ts';
import { breakerLifeMs, breakerOf, probeLeaseMs } from './breaker-of.ts';
import type { BreakerReport, ForcedBreaker } from './breaker-store.ts';

const FORCED = { 'forced-open': 1, disabled: 2 } as const;

/** Key of a breaker's record; a shard has its own, since all keys of one script must share a slot. */
export function breakerKey(shard: number, service: string, dependency: string): string {
  return `{${shard}}b:${service}:${dependency}`;
}

/** The numbers of one breaker for `BREAKER_LOOK` and `BREAKER_COMMIT`. */
export function breakerPlan(check: DependencyCheck, forced: ForcedBreaker | undefined): readonly number[] {
  return [
    check.required ? 1 : 0,
    forced === undefined ? 0 : FORCED[forced],
    probeLeaseMs(check.spec),
    breakerLifeMs(check.spec),
  ];
}

/** The numbers of one breaker for `BREAKER_RECORD`. */
export function recordPlan({ dependency, claimMs }: BreakerReport): readonly number[] {
  const breaker = breakerOf(dependency.spec);
  const { failureRatio, slowRatio, window, minimumCalls, openMs } = breaker;
  const lifeMs = breakerLifeMs(dependency.spec);
  return [failureRatio, slowRatio, window.size, minimumCalls, openMs, callsToJudge(breaker), lifeMs, claimMs];
}
