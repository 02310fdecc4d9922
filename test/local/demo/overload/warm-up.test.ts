import { describe, expect, it } from 'vitest';
import { warmUp } from '../../../../local/demo/overload/warm-up.ts';

/** Rounds take so long, one after the other; the last one's time is that of all further ones. */
function machine(roundsMs: readonly number[], breakers: readonly string[] = []) {
  let nowMs = 0;
  let sent = 0;
  const paths = new Set<string>();
  const send = async <T>(_method: string, path: string) => {
    paths.add(path);
    sent += 1;
    // The last request of a round ends it.
    if (sent % 32 === 0) nowMs += roundsMs[Math.min(sent / 32, roundsMs.length) - 1] ?? 0;
    const breaker = breakers[Math.ceil(sent / 32) - 1] ?? 'closed';
    const view = `overload=0, in-flight=0, limit=16, parked=0, breaker=${breaker}`;
    return { status: 200, headers: new Headers({ 'Drill-Admission': view }), body: {} as T };
  };
  const { signal } = new AbortController();
  return { run: () => warmUp([{ send }, { send }], { nowMs: () => nowMs, signal, restMs: 0, pauseMs: 0 }), paths };
}

describe('warmUp', () => {
  it('goes on until a round is answered promptly: just in time, and one moment too late', async () => {
    expect(await machine([6_000, 801, 800]).run()).toBe(3);
    expect(await machine([800]).run()).toBe(1);
  });

  it('goes on until the breaker is closed again, which the first slow answers have opened', async () => {
    expect(await machine([0], ['open', 'open', 'half-open']).run()).toBe(4);
  });

  it('ends where the machine is too busy for that', async () => {
    expect(await machine([5_000]).run()).toBe(15);
  });

  it('orders nothing', async () => {
    const { run, paths } = machine([0]);
    await run();
    expect([...paths].sort()).toEqual(['/api/drill/checkout', '/api/drill/feed', '/api/drill/search']);
  });

  it('fails once it is interrupted', async () => {
    const signal = AbortSignal.abort(new Error('interrupted'));
    await expect(warmUp([], { nowMs: () => 0, signal })).rejects.toThrow('interrupted');
  });
});
