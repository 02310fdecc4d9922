import { describe, expect, it } from 'vitest';
import { createControllerFixture } from '../../../support/controller-fixture.ts';

const MINUTE_MS = 60_000;
const BREAKER = { kind: 'breaker' as const, service: 'Feed', dependency: 'search', overload: 0.5 };
const QUEUE = { kind: 'queue' as const, name: 'work', maxAgeSeconds: 60 };

describe('measureOverload', () => {
  it('holds what was measured last for five minutes without CloudWatch, and then lets it fall', async () => {
    const { run, cloudWatch, counted } = createControllerFixture({ signals: [QUEUE] });
    cloudWatch.values = { s0_0: 120 };
    await run();
    cloudWatch.values = undefined;
    const overloads: number[] = [];
    for (let minute = 1; minute <= 8; minute += 1) overloads.push((await run(MINUTE_MS)).overload);
    expect(overloads).toEqual([1, 1, 1, 1, 1, 0.5, 0, 0]);
    expect(counted).toEqual(Array.from({ length: 8 }, () => 'SignalsUnavailable'));
  });

  it('falls with the time that passed, however many alarms and changes have it run', async () => {
    const { run, cloudWatch } = createControllerFixture({ signals: [QUEUE] });
    cloudWatch.values = { s0_0: 120 };
    await run();
    cloudWatch.values = {};
    for (let second = 0; second < 60; second += 1) await run(1_000);
    expect((await run()).overload).toBe(0.5);
  });

  it('counts an open breaker as it is told to, without CloudWatch, and lets it fall once it is closed', async () => {
    const { run, phases, cloudWatch, counted } = createControllerFixture({ signals: [BREAKER] });
    cloudWatch.values = undefined;
    await run();
    phases['Feed:search'] = ['open'];
    expect(await run(MINUTE_MS)).toMatchObject({
      overload: 0.5,
      causes: ["the breaker of 'Feed' for 'search' is open"],
    });
    phases['Feed:search'] = ['closed'];
    expect((await run(MINUTE_MS / 2)).overload).toBe(0.25);
    expect(await run(MINUTE_MS / 2)).toMatchObject({ overload: 0, causes: [] });
    expect(counted).toEqual([]);
  });

  it('goes by the worst of CloudWatch and breakers, and names both', async () => {
    const { run, phases, cloudWatch } = createControllerFixture({ signals: [BREAKER, QUEUE] });
    phases['Feed:search'] = ['open'];
    cloudWatch.values = { s1_0: 108 };
    expect(await run()).toMatchObject({
      overload: 0.8,
      causes: [expect.stringContaining("queue 'work'"), expect.stringContaining("breaker of 'Feed'")],
    });
  });

  it('sees a breaker open although CloudWatch does not answer', async () => {
    const { run, phases, cloudWatch, counted } = createControllerFixture({ signals: [BREAKER, QUEUE] });
    await run();
    cloudWatch.values = undefined;
    phases['Feed:search'] = ['open'];
    expect(await run(MINUTE_MS)).toMatchObject({
      overload: 0.5,
      causes: ["the breaker of 'Feed' for 'search' is open"],
    });
    expect(counted).toEqual(['SignalsUnavailable']);
  });

  it.each(['forced-open', 'disabled'])('leaves a breaker that is %s to the lever', async (lever) => {
    const { run, phases, parameter } = createControllerFixture({ signals: [BREAKER] });
    phases['Feed:search'] = ['open'];
    parameter.put(JSON.stringify({ breakers: { search: lever } }));
    expect(await run()).toMatchObject({ overload: 0, causes: [] });
  });

  it('forgets the overload of signals that were taken out of the stack', async () => {
    const { run, store, cloudWatch } = createControllerFixture({ signals: [QUEUE] });
    cloudWatch.values = { s0_0: 120 };
    await run();
    const without = createControllerFixture();
    without.store.written = store.written;
    expect(await without.run(2 * MINUTE_MS)).toMatchObject({ overload: 0, causes: [] });
  });
});
