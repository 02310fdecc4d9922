import type { DependencySpec } from '../../contract/admission-spec.ts';
import { type CircuitBreaker, createCircuitBreaker } from '../../resilience/circuit-breaker.ts';

const breakers = new WeakMap<DependencySpec, CircuitBreaker>();

/**
 * The breaker that a dependency's numbers describe.
 * @throws RangeError for numbers that no breaker can go by.
 */
export function breakerOf(spec: DependencySpec): CircuitBreaker {
  let breaker = breakers.get(spec);
  if (breaker === undefined) {
    const { failureRatio, slowRatio, slowAfterMs, window, minimumCalls, openMs, halfOpenCalls } = spec;
    breaker = createCircuitBreaker({
      ...{ failureRatio, slowRatio, slowAfterMs, minimumCalls, openMs, halfOpenCalls },
      window: { kind: 'count', size: window },
    });
    breakers.set(spec, breaker);
  }
  return breaker;
}

/** A claimant that dies keeps the others waiting for so long: time for its call, and for what it does before. */
export function probeLeaseMs({ timeoutMs }: DependencySpec): number {
  return 2 * timeoutMs + 1_000;
}

/** The store may keep nothing that has no end: a breaker that nobody has used for this long is closed. */
export function breakerLifeMs({ openMs }: DependencySpec): number {
  return openMs + 600_000;
}
