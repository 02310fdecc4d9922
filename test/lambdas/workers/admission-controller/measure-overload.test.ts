import { describe, expect, it } from 'vitest';
import { createControllerFixture } from '../../../support/controller-fixture.ts';

const MINUTE_MS = 60_000;
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

  it('forgets the overload of signals that were taken out of the stack', async () => {
    const { run, store, cloudWatch } = createControllerFixture({ signals: [QUEUE] });
    cloudWatch.values = { s0_0: 120 };
    await run();
    const without = createControllerFixture();
    without.store.written = store.written;
    expect(await without.run(2 * MINUTE_MS)).toMatchObject({ overload: 0, causes: [] });
  });
});
