import { describe, expect, it } from 'vitest';
import { LocalBreakers } from '../../../../lambdas/adapters/dependencies/local-breakers.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { CLOSED, SPEC } from './dependency-fixture.ts';

const dependency = { name: 'db', spec: SPEC };
const WATCHED = { ...CLOSED, isWatched: true };

describe('the breakers of a process alone', () => {
  it('trip by what the process has seen, and recover', async () => {
    const clock = new ManualClock();
    const breakers = new LocalBreakers(clock);
    expect(await breakers.look([dependency])).toEqual([WATCHED]);
    await breakers.record([{ dependency, outcomes: [1, 1], claimMs: 0 }]);
    expect(breakers.view(dependency)).toEqual({ ...WATCHED, state: 'open', retryMs: 1_001 });
    clock.advance(1_001);
    const probe = breakers.view(dependency);
    expect(probe).toMatchObject({ state: 'half-open', isProbe: true });
    breakers.report({ dependency, outcomes: [0, 0], claimMs: probe.claimMs });
    expect(breakers.view(dependency)).toEqual(WATCHED);
  });

  it('let no more half-open than permitted, and take a claim back', () => {
    const clock = new ManualClock();
    const breakers = new LocalBreakers(clock);
    breakers.report({ dependency, outcomes: [1, 1], claimMs: 0 });
    clock.advance(1_001);
    const views = [1, 2, 3].map(() => breakers.view(dependency));
    expect(views.map(({ isProbe }) => isProbe)).toEqual([true, true, false]);
    breakers.report({ dependency, outcomes: [], claimMs: views[0]?.claimMs ?? 0 });
    expect(breakers.view(dependency).isProbe).toBe(true);
  });

  it('do as a lever says', () => {
    const breakers = new LocalBreakers(new ManualClock(), () => 'forced-open');
    expect(breakers.view(dependency)).toEqual({ ...CLOSED, state: 'forced-open' });
  });
});
