import { describe, expect, it } from 'vitest';
import { skippedDate } from '../../../../../local/twin/functions/runtime/skipped-clock.ts';

class MachineDate extends Date {
  static override now(): number {
    return 5_000;
  }
}

function start(aheadMs: bigint) {
  const skipped = new SharedArrayBuffer(8);
  const set = (ms: bigint) => Atomics.store(new BigInt64Array(skipped), 0, ms);
  set(aheadMs);
  return { Ahead: skippedDate(skipped, MachineDate as unknown as DateConstructor), set };
}

describe('skippedDate', () => {
  it('is ahead by what was skipped, and follows', () => {
    const { Ahead, set } = start(700n);
    expect([Ahead.now(), new Ahead().getTime()]).toEqual([5_700, 5_700]);
    set(86_400_000n);
    expect(new Ahead().toISOString()).toBe('1970-01-02T00:00:05.000Z');
    expect(Date.parse(Ahead())).toBe(86_405_000);
  });

  it('leaves dates of a given time as they are', () => {
    const { Ahead } = start(700n);
    expect(new Ahead(9).getTime()).toBe(9);
    expect(new Ahead('2026-11-22T00:00:00Z').toISOString()).toBe('2026-11-22T00:00:00.000Z');
    expect([Ahead.UTC(2026, 0), Ahead.parse('2026-01-01')]).toEqual([Date.UTC(2026, 0), Date.UTC(2026, 0)]);
  });

  it('makes dates that are dates to everybody', () => {
    const { Ahead } = start(1n);
    expect(new Ahead()).toBeInstanceOf(Date);
    expect(new MachineDate()).toBeInstanceOf(Ahead);
  });
});
