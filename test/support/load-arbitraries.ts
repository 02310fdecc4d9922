import fc from 'fast-check';
import { leaseEpochMs, noLeases } from '../../lambdas/resilience/load/in-flight-leases.ts';
import type {
  LoadControls,
  LoadEnding,
  LoadRequest,
  LoadState,
  ServiceLoad,
} from '../../lambdas/resilience/load/service-load.ts';

/** Services of all sizes, many of them so small that a few requests fill them. */
export const serviceLoads: fc.Arbitrary<ServiceLoad> = fc
  .record({
    algorithm: fc.constantFrom('gradient' as const, 'aimd' as const),
    bounds: fc.tuple(limits(), limits(), limits()).map((all) => all.sort((a, b) => a - b) as [number, number, number]),
    leaseMs: fc.integer({ min: 1_000, max: 20_000 }),
    parkedMax: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ algorithm, bounds: [min, initial, max], leaseMs, parkedMax }) => ({
    algorithm,
    min,
    initial,
    max,
    leaseMs,
    parkedMax,
  }));

function limits(): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: 1, max: 12 }), fc.double({ min: 1, max: 40, noNaN: true }));
}

/** What may happen to a service: a request, the end of one, or a word of the controller. */
export type LoadStep = { readonly advanceMs: number } & (
  | { readonly kind: 'request'; readonly request: LoadRequest }
  | { readonly kind: 'ending'; readonly isOwn: boolean; readonly ending: Omit<LoadEnding, 'leaseEpoch'> }
  | { readonly kind: 'controls'; readonly controls: LoadControls }
);

/** Times that mostly go forward a little, and now and then far, or back. */
const advanceMs = fc.oneof(
  { weight: 16, arbitrary: fc.integer({ min: 0, max: 300 }) },
  { weight: 2, arbitrary: fc.integer({ min: 300, max: 6_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -2_000, max: 0 }) },
  { weight: 1, arbitrary: fc.integer({ min: -60_000, max: 60_000 }) },
);

const shed = { parkable: false, readmitted: false };
const parkable = { parkable: true, readmitted: false };
const readmitted = { parkable: false, readmitted: true };

export const loadRequests: fc.Arbitrary<LoadRequest> = fc
  .tuple(
    fc.double({ min: 0, max: 100, minExcluded: true, noNaN: true }),
    fc.constantFrom(shed, shed, parkable, parkable, readmitted),
  )
  .map(([position, way]) => ({ position, ...way }));

/** Any state of a service, kept at `nowMs` or a while before or after. */
export function loadStates({ min, max, leaseMs }: ServiceLoad, nowMs: number): fc.Arbitrary<LoadState> {
  const epochMs = leaseEpochMs(leaseMs);
  const count = fc.integer({ min: 0, max: Math.ceil(max / 3) + 2 });
  return fc
    .record({
      atMs: advanceMs.map((ms) => nowMs - ms),
      share: fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true })),
      // Another version of the service may have had other bounds.
      limit: fc.double({ min: min * 0.8, max: max * 1.2, noNaN: true }),
      short: fc.oneof(fc.constant(0.5), fc.double({ min: 0.5, max: 4, noNaN: true })),
      long: fc.oneof(fc.constant(0.5), fc.double({ min: 0.5, max: 4, noNaN: true })),
      counts: fc.tuple(count, count, count, count, count),
      parked: fc.integer({ min: 0, max: 4 }),
    })
    .map(({ counts, ...rest }) => ({ ...rest, leases: { ...noLeases(rest.atMs, epochMs), counts } }));
}

export const loadEndings = fc.record({
  kind: fc.constantFrom<LoadEnding['kind']>('success', 'success', 'success', 'dropped', 'ignored', 'unserved'),
  latencyRatio: fc.double({ min: 0, max: 6, noNaN: true }),
});

export const loadControls: fc.Arbitrary<LoadControls> = fc.record({
  overload: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
  floor: fc.constantFrom(100, 100, 75, 50, 25),
});

export const loadSteps: fc.Arbitrary<LoadStep[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ kind: fc.constant('request' as const), advanceMs, request: loadRequests }) },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('ending' as const),
        advanceMs,
        isOwn: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
        ending: loadEndings,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('controls' as const), advanceMs, controls: loadControls }) },
  ),
  { minLength: 1, maxLength: 80 },
);
