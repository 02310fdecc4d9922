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

  it('tells a backlog while it lasts, under a version a minute, and none for a queue that is well', async () => {
    const backlogs = [{ work: 'video', queueName: 'dev-video', maxAgeSeconds: 60 }];
    const { run, cloudWatch, clock } = createControllerFixture({ backlogs });
    cloudWatch.values = { age0: 30, waiting0: 5 };
    const quiet = await run();
    expect(quiet).not.toHaveProperty('backlogs');
    cloudWatch.values = { age0: 45, waiting0: 9 };
    expect((await run(MINUTE_MS)).version).toBe(quiet.version);

    cloudWatch.values = { age0: 90, waiting0: 9, drain0: 0.5, arrivals0: 0.1 };
    const behind = await run(MINUTE_MS);
    expect(behind.version).toBeGreaterThan(quiet.version);
    expect(behind.backlogs).toEqual({
      video: {
        ...{ ageSeconds: 90, waiting: 9, drainPerSecond: 0.5, arrivalsPerSecond: 0.1 },
        measuredAtMs: clock.now(),
      },
    });
    // What it is behind by is no load of the services.
    expect(behind.overload).toBe(0);

    cloudWatch.values = undefined;
    const blind = await run(MINUTE_MS);
    expect([blind.version, blind.backlogs]).toEqual([behind.version, behind.backlogs]);
    cloudWatch.values = { age0: 60 };
    const well = await run(MINUTE_MS);
    expect(well).not.toHaveProperty('backlogs');
    expect(well.version).toBeGreaterThan(behind.version);
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
    expect(counted).toEqual(['LeversChanged', 'LeversUnavailable', 'LeversChanged', 'SignalsUnavailable']);
  });

  it('moves the shares of fleet-wide limits over the shards', async () => {
    const fleetLimits = [{ policy: 'global:all', windowSeconds: 10, leastShare: 0 }];
    const { run, store } = createControllerFixture({ shards: 2, fleetLimits });
    store.counters['global:all'] = [0, 0];
    expect((await run()).shares).toEqual({ 'global:all': [0.5, 0.5] });
    store.counters['global:all'] = [900, 100];
    expect((await run(MINUTE_MS)).shares).toEqual({ 'global:all': [0.6, 0.4] });
  });

  it('begins anew where another run was faster, so that no version is told with two contents', async () => {
    const signals = [QUEUE];
    const { run, store, parameter, cloudWatch, logger, counted } = createControllerFixture({ signals });
    await run();
    const told: unknown[] = [];
    // While the first run is about to tell the backlog, the levers change, and that has a second one run.
    store.interruptions.push(async () => {
      parameter.put('{"shedBelow":"critical"}');
      cloudWatch.values = { s0_0: 120 };
      told.push(await run());
    });
    cloudWatch.values = { s0_0: 90 };
    told.push(await run(MINUTE_MS));
    expect(told).toMatchObject([{ overload: 1 }, { overload: 1 }]);
    expect(told[1]).toEqual(told[0]);
    expect(store.written?.controls).toEqual(told[0]);
    expect(logger.lines.filter(({ audit }) => audit === 'levers')).toHaveLength(1);
    expect(counted).toEqual(['LeversChanged']);
  });

  it('tells what it alone has seen under a version of its own', async () => {
    const { run, store, parameter } = createControllerFixture();
    const first = await run();
    let other = first;
    store.interruptions.push(async () => {
      other = await run();
      parameter.put('{"shedBelow":"critical"}');
    });
    parameter.put('{"reason":"drill"}');
    const own = await run(10);
    expect(other).toMatchObject({ levers: { reason: 'drill' } });
    expect(own).toMatchObject({ levers: { shedBelow: 'critical' } });
    expect(other.version).toBeGreaterThan(first.version);
    expect(own.version).toBeGreaterThan(other.version);
  });

  it('audits and counts once what it has read several times', async () => {
    const { run, store, parameter, counted, logger } = createControllerFixture();
    await run();
    // Somebody who cannot see the change yet writes twice before this run does.
    const interrupt = () => {
      const { written } = store;
      if (written) store.written = { ...written, state: { ...written.state, atMs: written.state.atMs + 1 } };
    };
    store.interruptions.push(interrupt, interrupt);
    parameter.put('{"scale":{"nothing":1}}');
    const { changes } = await run(10);
    expect(changes.map(({ version }) => version)).toEqual([2, 1]);
    expect(logger.lines.filter(({ audit }) => audit === 'levers')).toHaveLength(1);
    expect(counted).toEqual(['LeversChanged', 'LeversUnknownName']);
  });

  it('fails where others are faster every time', async () => {
    const { run, store } = createControllerFixture();
    store.write = async () => false;
    await expect(run()).rejects.toMatchObject({
      code: 'controls-contended',
      message: 'other runs have told controls first, 5 times in a row',
    });
  });

  it('fails where the store does', async () => {
    const { run, store } = createControllerFixture();
    store.write = () => Promise.reject(new Error('the store is gone'));
    await expect(run()).rejects.toThrow('the store is gone');
  });
});
