import { describe, expect, it } from 'vitest';
import { DependencyState } from '../../../../lambdas/adapters/dependencies/dependency-state.ts';

const createState = () => new DependencyState({ concurrent: 2, queued: 3 });

describe('DependencyState', () => {
  it('pays for one extra attempt at first, and then for one in ten calls', () => {
    const state = createState();
    expect([state.payForExtra(), state.payForExtra()]).toEqual([true, false]);
    for (let call = 0; call < 9; call += 1) state.countCall();
    expect(state.payForExtra()).toBe(false);
    state.countCall();
    expect([state.payForExtra(), state.payForExtra()]).toEqual([true, false]);
  });

  it('saves up ten extra attempts, however many calls went well', () => {
    const state = createState();
    for (let call = 0; call < 1_000; call += 1) state.countCall();
    expect(Array.from({ length: 12 }, () => state.payForExtra()).filter(Boolean)).toHaveLength(10);
  });

  it('knows the 95th percentile once there were enough calls', () => {
    const state = createState();
    for (let latencyMs = 1; latencyMs < 20; latencyMs += 1) state.countLatency(latencyMs);
    expect(state.p95Ms).toBeUndefined();
    state.countLatency(20);
    expect(state.p95Ms).toBe(19);
  });

  it('has as many places as it was given', () => {
    const { bulkhead } = createState();
    expect([bulkhead.executionSlots, bulkhead.queueSlots]).toEqual([2, 3]);
  });
});
