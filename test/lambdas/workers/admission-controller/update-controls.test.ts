import { describe, expect, it } from 'vitest';
import { createControllerFixture } from '../../../support/controller-fixture.ts';

const MINUTE_MS = 60_000;
const QUEUE = { kind: 'queue' as const, name: 'work', maxAgeSeconds: 60 };

describe('updateControls', () => {
  it('lets the system decide at first, and keeps the version while nothing changes', async () => {
    const { run, store } = createControllerFixture({ signals: [QUEUE] });
    const first = await run();
    expect(first).toMatchObject({ levers: {}, overload: 0, causes: [], shares: {} });
    expect(store.written?.floor).toBe(100);
    expect((await run(MINUTE_MS)).version).toBe(first.version);
  });

  it('tells levers as soon as they are set, under a version that grows', async () => {
    const { run, parameter, store } = createControllerFixture();
    const first = await run();
    parameter.put('{"shedBelow":"critical","reason":"incident"}');
    const second = await run(10);
    expect(second.version).toBeGreaterThan(first.version);
    expect(second.levers).toEqual({ shedBelow: 'critical', reason: 'incident' });
    expect(store.written?.floor).toBe(50);
  });

  it.each([
    ['critical-plus', 25],
    ['critical', 50],
    ['sheddable-plus', 75],
    ['sheddable', 100],
  ])('sheds below %s what is beyond %d on the scale', async (shedBelow, floor) => {
    const { run, parameter, store } = createControllerFixture();
    parameter.put(JSON.stringify({ shedBelow }));
    await run();
    expect(store.written?.floor).toBe(floor);
  });

  it('begins beyond any version that it has told before when the store was lost', async () => {
    const { run, store } = createControllerFixture();
    const first = await run();
    store.written = undefined;
    expect((await run(MINUTE_MS)).version).toBeGreaterThan(first.version);
  });

  it('tells overload with its causes at once, and lets it fall slowly', async () => {
    const { run, cloudWatch } = createControllerFixture({ signals: [QUEUE] });
    await run();
    cloudWatch.values = { s0_0: 120 };
    expect(await run(MINUTE_MS)).toMatchObject({
      overload: 1,
      causes: ["the oldest message of the queue 'work' waits 120 s, with a budget of 60 s"],
    });
    cloudWatch.values = {};
    expect(await run(MINUTE_MS)).toMatchObject({ overload: 0.5, causes: [] });
    expect(await run(MINUTE_MS)).toMatchObject({ overload: 0 });
  });

  it('goes on with what the other says where SSM or CloudWatch fails', async () => {
    const { run, cloudWatch, parameter, counted } = createControllerFixture({ signals: [QUEUE] });
    parameter.put('{"shedBelow":"critical"}');
    cloudWatch.values = { s0_0: 90 };
    await run();
    parameter.fails = 'everything';
    cloudWatch.values = { s0_0: 120 };
    expect(await run(MINUTE_MS)).toMatchObject({ levers: { shedBelow: 'critical' }, overload: 1 });
    parameter.fails = 'nothing';
    parameter.put('{"shedBelow":"sheddable-plus"}');
    cloudWatch.values = undefined;
    expect(await run(MINUTE_MS)).toMatchObject({ levers: { shedBelow: 'sheddable-plus' }, overload: 1 });
    expect(counted).toEqual(['LeversChanged', 'LeversUnavailable', 'SignalsUnavailable', 'LeversChanged']);
  });

  it('moves the shares of fleet-wide limits over the shards', async () => {
    const fleetLimits = [{ policy: 'global:all', windowSeconds: 10, leastShare: 0 }];
    const { run, store } = createControllerFixture({ shards: 2, fleetLimits });
    store.counters['global:all'] = [0, 0];
    expect((await run()).shares).toEqual({ 'global:all': [0.5, 0.5] });
    store.counters['global:all'] = [900, 100];
    expect((await run(MINUTE_MS)).shares).toEqual({ 'global:all': [0.6, 0.4] });
  });

  it('fails where the store does', async () => {
    const { run, store } = createControllerFixture();
    store.write = () => Promise.reject(new Error('the store is gone'));
    await expect(run()).rejects.toThrow('the store is gone');
  });
});
