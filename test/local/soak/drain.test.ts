import { describe, expect, it } from 'vitest';
import { drain } from '../../../local/soak/drain.ts';
import { SkippableTime } from '../../../local/twin/skippable-time.ts';
import type { Twin, TwinStatus } from '../../../local/twin/twin.ts';
import { VirtualTime } from '../../support/virtual-time.ts';

/** A twin with a queue whose messages come to their end one by one. */
function start(delaysMs: readonly number[]) {
  const machine = new VirtualTime();
  const time = new SkippableTime(machine.nowMs, machine.setTimer);
  const ended: number[] = [];
  let busy = 0;
  const startMs = time.nowMs();
  for (const delayMs of delaysMs) {
    time.setTimer(delayMs, () => {
      busy = 1;
      // A function is at work on it, which nobody may skip.
      setTimeout(() => {
        busy = 0;
        ended.push(time.nowMs() - startMs);
      }, 15);
    });
  }
  const status = () =>
    ({
      functions: [{ label: 'Worker', busy, waiting: 0 }],
      pendingEvents: 0,
      eventSources: [{ logicalId: 'Source', backlog: delaysMs.length - ended.length }],
    }) as unknown as TwinStatus;
  return { twin: { status } as Twin, time, ended };
}

describe('drain', () => {
  it('skips the time until what waits is due, and none while a function is at work', async () => {
    const { twin, time, ended } = start([10_000, 50_000, 3_600_000]);
    const tookMs = await drain(twin, time);
    expect(ended).toHaveLength(3);
    expect(ended[0]).toBe(10_000);
    expect(ended[1]).toBe(50_000);
    expect(tookMs).toBe(ended[2]);
    expect(tookMs).toBeLessThan(3_661_000);
  });

  it('is done at once where nothing is left', async () => {
    const { twin, time } = start([]);
    expect(await drain(twin, time)).toBe(0);
  });

  it('fails with what is left, where it never comes to its end', async () => {
    const { time } = start([]);
    const status = () => ({ functions: [], pendingEvents: 0, eventSources: [{ logicalId: 'Source', backlog: 2 }] });
    await expect(drain({ status } as unknown as Twin, time, 600_000)).rejects.toThrow('never drained: Source 2');
  });
});
