import { describe, expect, it } from 'vitest';
import { TwinError } from '../../../../local/twin/twin-error.ts';
import { changeApplier } from '../../../../local/twin/watch/change-applier.ts';

function started(synthesize: () => Promise<void>, apply: () => Promise<void> = async () => {}) {
  const log: string[] = [];
  let nowMs = 0;
  const applier = changeApplier({
    synthesize,
    apply,
    log: (line) => log.push(line),
    nowMs: () => {
      nowMs += 500;
      return nowMs;
    },
  });
  return { applier, log };
}

describe('changeApplier', () => {
  it('synthesizes, applies and says how long it took', async () => {
    const { applier, log } = started(async () => {});
    applier.changed(['lambdas/feed.ts']);
    await applier.settled();
    expect(log).toEqual(['lambdas/feed.ts changed: synthesizing …', 'applied after 0.5 s']);
  });

  it('does not say that it synthesizes what another program has', async () => {
    const log: string[] = [];
    const applier = changeApplier({ apply: async () => {}, log: (line) => log.push(line), nowMs: () => 0 });
    applier.changed(['cdk.out']);
    await applier.settled();
    expect(log).toEqual(['cdk.out changed: applying it …', 'applied after 0.0 s']);
  });

  it('takes all changes that come while one is applied together', async () => {
    let finish: () => void = () => {};
    let runs = 0;
    const { applier, log } = started(() => {
      runs += 1;
      return runs === 1 ? new Promise<void>((resolve) => (finish = resolve)) : Promise.resolve();
    });
    applier.changed(['a']);
    applier.changed(['b']);
    applier.changed(['c', 'b']);
    finish();
    await applier.settled();
    expect(runs).toBe(2);
    expect(log).toContain('b and 1 more changed: synthesizing …');
  });

  it('tells a failure in its sentence, without a stack trace, and takes the next change', async () => {
    let isBroken = true;
    const { applier, log } = started(async () => {
      if (isBroken) throw new TwinError('synth-failed', 'burst must be 1');
    });
    applier.changed(['a']);
    await applier.settled();
    isBroken = false;
    applier.changed(['a']);
    await applier.settled();
    expect(log.slice(1)).toEqual([
      'not applied, the twin goes on as it was: burst must be 1',
      'a changed: synthesizing …',
      'applied after 0.5 s',
    ]);
  });
});
