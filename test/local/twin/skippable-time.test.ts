import { describe, expect, it } from 'vitest';
import { SkippableTime } from '../../../local/twin/skippable-time.ts';
import { VirtualTime } from '../../support/virtual-time.ts';

function start() {
  const machine = new VirtualTime(1_000);
  const time = new SkippableTime(machine.nowMs, machine.setTimer);
  const ran: string[] = [];
  const later = (ms: number, name: string) => time.setTimer(ms, () => ran.push(`${name} at ${time.nowMs()}`));
  return { machine, time, ran, later };
}

describe('SkippableTime', () => {
  it('is the time of the machine until some of it is skipped', () => {
    const { machine, time } = start();
    expect(time.nowMs()).toBe(1_000);
    time.skip(500);
    machine.advance(20);
    expect([time.nowMs(), time.skippedMs]).toEqual([1_520, 500]);
    expect(new BigInt64Array(time.skipped)[0]).toBe(500n);
  });

  it('runs what is due in its order, and the rest as much sooner', () => {
    const { machine, time, ran, later } = start();
    later(300, 'second');
    later(100, 'first');
    later(1_000, 'last');
    time.skip(400);
    expect(ran).toEqual(['first at 1400', 'second at 1400']);
    machine.advance(600);
    expect(ran.slice(2)).toEqual(['last at 2000']);
  });

  it('runs nothing twice, and nothing that was called off, also by what ran before it', () => {
    const { machine, time, ran, later } = start();
    const cancelLater = later(200, 'later');
    time.setTimer(100, cancelLater);
    later(150, 'once');
    later(50, 'never')();
    time.skip(1_000);
    machine.advance(1_000);
    expect(ran).toEqual(['once at 2000']);
    expect(machine.timers).toBe(0);
  });

  it('says when the next timer is due', () => {
    const { time, later } = start();
    expect(time.nextDueMs).toBeUndefined();
    later(300, 'b');
    later(-5, 'a');
    expect(time.nextDueMs).toBe(1_000);
    time.skip(0);
    expect(time.nextDueMs).toBe(1_300);
  });

  it('lets what ran set timers of its own', () => {
    const { machine, time, ran } = start();
    time.setTimer(10, () => time.setTimer(10, () => ran.push(`again at ${time.nowMs()}`)));
    time.skip(100);
    expect(ran).toEqual([]);
    machine.advance(10);
    expect(ran).toEqual(['again at 1110']);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('fails to skip %d ms', (ms) => {
    expect(() => start().time.skip(ms)).toThrow(`a time to skip must be 0 ms or more, got ${ms}`);
  });
});
