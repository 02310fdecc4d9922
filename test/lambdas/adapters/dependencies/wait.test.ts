import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createWait } from '../../../../lambdas/adapters/dependencies/wait.ts';
import { VirtualTime } from '../../../support/virtual-time.ts';

function setUp(signal?: AbortSignal) {
  const time = new VirtualTime();
  const wait = createWait(time.setTimer);
  const seen: unknown[] = [];
  const ended = wait(100, signal).then(
    () => seen.push('over'),
    (reason) => seen.push(reason),
  );
  return { time, seen, ended };
}

describe('createWait', () => {
  it('waits as long as asked, and no longer', async () => {
    const { time, seen, ended } = setUp();
    await time.advance(99);
    expect(seen).toEqual([]);
    await time.advance(1);
    await ended;
    expect(seen).toEqual(['over']);
  });

  it('gives up with the signal’s reason, and leaves no timer behind', async () => {
    const controller = new AbortController();
    const { time, seen, ended } = setUp(controller.signal);
    expect(time.timers).toBe(1);
    controller.abort('too late');
    await ended;
    expect(seen).toEqual(['too late']);
    expect(time.timers).toBe(0);
  });

  it('does not begin for a signal that is aborted already', async () => {
    const { time, seen, ended } = setUp(AbortSignal.abort('over before'));
    await ended;
    expect(seen).toEqual(['over before']);
    expect(time.timers).toBe(0);
  });

  it('leaves no listener on a signal that outlives it', async () => {
    const controller = new AbortController();
    const { time, ended } = setUp(controller.signal);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    await time.advance(100);
    await ended;
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });
});
