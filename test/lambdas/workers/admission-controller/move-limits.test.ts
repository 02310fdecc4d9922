import { describe, expect, it } from 'vitest';
import { createControllerFixture } from '../../../support/controller-fixture.ts';

const MINUTE_MS = 60_000;
const policy = 'global:all';
const limit = (windowSeconds: number) => ({ policy, windowSeconds, leastShare: 0 });

describe('moveLimits', () => {
  it('has no shares to tell with one shard', async () => {
    const { run } = createControllerFixture({ fleetLimits: [limit(10)] });
    expect((await run()).shares).toEqual({});
  });

  it('takes the demand since the last move, not since ever', async () => {
    const { run, store } = createControllerFixture({ shards: 2, fleetLimits: [limit(10)] });
    store.counters[policy] = [1_000_000, 0];
    expect((await run()).shares[policy]).toEqual([0.5, 0.5]);
    store.counters[policy] = [1_000_010, 990];
    expect((await run(MINUTE_MS)).shares[policy]).toEqual([0.4, 0.6]);
  });

  it('counts from the beginning of a counter that had run out', async () => {
    const { run, store } = createControllerFixture({ shards: 2, fleetLimits: [limit(10)] });
    store.counters[policy] = [1_000, 1_000];
    await run();
    store.counters[policy] = [900, 1_100];
    expect((await run(MINUTE_MS)).shares[policy]).toEqual([0.6, 0.4]);
  });

  it('moves at most once in a window, by the demand of all of it', async () => {
    const { run, store } = createControllerFixture({ shards: 2, fleetLimits: [limit(180)] });
    await run();
    store.counters[policy] = [500, 0];
    expect((await run(MINUTE_MS)).shares[policy]).toEqual([0.5, 0.5]);
    store.counters[policy] = [500, 4_500];
    expect((await run(2 * MINUTE_MS)).shares[policy]).toEqual([0.4, 0.6]);
    store.counters[policy] = [9_999, 4_500];
    expect((await run(MINUTE_MS)).shares[policy]).toEqual([0.4, 0.6]);
  });

  it('begins anew where the number of shards was changed', async () => {
    const two = createControllerFixture({ shards: 2, fleetLimits: [limit(10)] });
    await two.run();
    const three = createControllerFixture({ shards: 3, fleetLimits: [limit(10)] });
    three.store.written = two.store.written;
    expect((await three.run(MINUTE_MS)).shares[policy]).toEqual([0.3334, 0.3333, 0.3333]);
  });
});
