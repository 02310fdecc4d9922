import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inFlight } from '../../../../lambdas/resilience/load/in-flight-leases.ts';
import {
  createServiceLoad,
  decideLoad,
  type LoadState,
  type ServiceLoad,
  settleLoad,
} from '../../../../lambdas/resilience/load/service-load.ts';
import { loadControls, loadStates, loadSteps, serviceLoads } from '../../../support/load-arbitraries.ts';

const NOW_MS = Date.UTC(2026, 10, 22);
const LOAD: ServiceLoad = { algorithm: 'gradient', min: 4, max: 40, initial: 20, leaseMs: 4_000, parkedMax: 1 };
const SHEDDABLE = { position: 100, parkable: false, readmitted: false };

describe('createServiceLoad', () => {
  it.each([
    [{ min: 0 }, 'min and max of the limit must be in order between 1 and 50000, got 0 and 40'],
    [{ min: Number.NaN }, 'min and max of the limit must be in order between 1 and 50000, got NaN and 40'],
    [{ max: 3 }, 'min and max of the limit must be in order between 1 and 50000, got 4 and 3'],
    [{ max: 50_001 }, 'min and max of the limit must be in order between 1 and 50000, got 4 and 50001'],
    [{ initial: 41 }, 'initial must be between min 4 and max 40, got 41'],
    [{ initial: Number.NaN }, 'initial must be between min 4 and max 40, got NaN'],
    [{ leaseMs: 999 }, 'leaseMs must be a whole number of at least 1000, got 999'],
    [{ leaseMs: 1_000.5 }, 'leaseMs must be a whole number of at least 1000, got 1000.5'],
    [{ parkedMax: -1 }, 'parkedMax must be a whole number from 0 to 4294967295, got -1'],
  ])('fails for %o', (change, message) => {
    expect(() => createServiceLoad({ ...LOAD, ...change })).toThrow(new RangeError(message));
  });
});

describe('decideLoad', () => {
  it('admits the least important request while there is room', () => {
    const { outcome, figures, state } = decideLoad(LOAD, undefined, NOW_MS, SHEDDABLE);
    expect({ outcome, figures }).toEqual({
      outcome: 'admitted',
      figures: { overload: 0, inFlight: 0, limit: 20, parked: 0 },
    });
    expect(state && inFlight(state.leases)).toBe(1);
  });

  it('sheds all but critical requests when the limit is full', () => {
    let state: LoadState | undefined;
    for (let i = 0; i < 20; i++) state = decideLoad(LOAD, state, NOW_MS, { ...SHEDDABLE, position: 40 }).state;
    const outcomes = [50, 50.1].map((position) => decideLoad(LOAD, state, NOW_MS, { ...SHEDDABLE, position }).outcome);
    expect(outcomes).toEqual(['admitted', 'shed']);
  });

  it('sheds what is above the floor, and what the controller’s overload leaves no room for', () => {
    const decide = (position: number, controls: { overload: number; floor: number }) =>
      decideLoad(LOAD, undefined, NOW_MS, { ...SHEDDABLE, position }, controls).outcome;
    expect([75, 75.1].map((at) => decide(at, { overload: 0, floor: 75 }))).toEqual(['admitted', 'shed']);
    // 100·(1 − 0.5³) = 87.5
    expect([87.5, 87.6].map((at) => decide(at, { overload: 0.5, floor: 100 }))).toEqual(['admitted', 'shed']);
    expect(decide(1e-9, { overload: 1, floor: 100 })).toBe('shed');
  });

  it('parks up to the most that may be parked, and takes it off again on admission', () => {
    const none = { overload: 0, floor: 50 };
    const request = { position: 60, parkable: true, readmitted: false };
    const parked = decideLoad(LOAD, undefined, NOW_MS, request, none);
    expect([parked.outcome, parked.state?.parked]).toEqual(['parked', 1]);
    expect(decideLoad(LOAD, parked.state, NOW_MS, request, none).outcome).toBe('shed');
    const readmitted = { ...request, parkable: false, readmitted: true };
    const again = decideLoad(LOAD, parked.state, NOW_MS, readmitted, none);
    expect([again.outcome, again.state?.parked]).toEqual(['shed', 1]);
    const admitted = decideLoad(LOAD, again.state, NOW_MS, readmitted);
    expect([admitted.outcome, admitted.state?.parked]).toEqual(['admitted', 0]);
  });

  it('never sheds a more important request where it admits a less important one', () => {
    const positions = fc.tuple(
      fc.double({ min: 0.001, max: 100, noNaN: true }),
      fc.double({ min: 0.001, max: 100, noNaN: true }),
    );
    const cases = serviceLoads.chain((load) =>
      fc.record({ load: fc.constant(load), state: loadStates(load, NOW_MS), controls: loadControls, positions }),
    );
    fc.assert(
      fc.property(cases, ({ load, state, controls, positions: [a, b] }) => {
        const outcome = (position: number) =>
          decideLoad(load, state, NOW_MS, { ...SHEDDABLE, position }, controls).outcome;
        if (outcome(Math.max(a, b)) === 'admitted') expect(outcome(Math.min(a, b))).toBe('admitted');
      }),
    );
  });
});

describe('settleLoad', () => {
  it('knows nothing of what it has forgotten', () => {
    expect(settleLoad(LOAD, undefined, NOW_MS, { kind: 'success', latencyRatio: 1, leaseEpoch: 1 })).toBeUndefined();
  });

  it('releases an ignored request without a sample, and a parked one without a lease', () => {
    const { state, leaseEpoch } = decideLoad(LOAD, undefined, NOW_MS, SHEDDABLE);
    const ignored = settleLoad(LOAD, state, NOW_MS, { kind: 'ignored', latencyRatio: 4, leaseEpoch });
    expect(ignored).toEqual({ ...state, leases: { epoch: leaseEpoch, counts: [0, 0, 0, 0, 0] } });
    const waiting = { ...(state as LoadState), parked: 1 };
    const unserved = settleLoad(LOAD, waiting, NOW_MS, { kind: 'unserved', latencyRatio: 0, leaseEpoch });
    expect(unserved).toEqual({ ...waiting, parked: 0 });
  });
});

describe('the load of a service', () => {
  it('never counts below zero, keeps its limit in bounds and its share in 0..1, and forgets what nobody releases', () => {
    fc.assert(
      fc.property(serviceLoads, loadSteps, (load, steps) => {
        let state: LoadState | undefined;
        let nowMs = NOW_MS;
        for (const step of steps) {
          nowMs += step.advanceMs;
          if (step.kind === 'request') state = decideLoad(load, state, nowMs, step.request).state;
          if (step.kind === 'ending') {
            state = settleLoad(load, state, nowMs, { ...step.ending, leaseEpoch: (state?.leases.epoch ?? 0) - 1 });
          }
          if (state === undefined) continue;
          expect(Math.min(...state.leases.counts, state.parked)).toBeGreaterThanOrEqual(0);
          expect(state.limit).toBeGreaterThanOrEqual(load.min);
          expect(state.limit).toBeLessThanOrEqual(load.max);
          expect(state.share).toBeGreaterThanOrEqual(0);
          expect(state.share).toBeLessThanOrEqual(1);
        }
        const later = Math.max(nowMs, state?.atMs ?? 0) + 2 * load.leaseMs + 10_000;
        expect(decideLoad(load, state, later, SHEDDABLE).figures.inFlight).toBe(0);
      }),
    );
  });
});
