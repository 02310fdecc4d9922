import { describe, expect, it, vi } from 'vitest';
import { machineTimer } from '../../../../local/twin/aws/set-timer.ts';

describe('machineTimer', () => {
  it('runs once after the delay, or not at all when it is called off', () => {
    vi.useFakeTimers();
    try {
      const run = vi.fn();
      const calledOff = vi.fn();
      machineTimer(1_000, run);
      machineTimer(1_000, calledOff)();
      vi.advanceTimersByTime(999);
      expect(run).not.toHaveBeenCalled();
      vi.advanceTimersByTime(10_000);
      expect([run.mock.calls.length, calledOff.mock.calls.length]).toEqual([1, 0]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not fire at once where the delay is longer than Node can wait', () => {
    vi.useFakeTimers();
    try {
      const run = vi.fn();
      machineTimer(2 ** 40, run);
      vi.advanceTimersByTime(1_000);
      expect(run).not.toHaveBeenCalled();
    } finally {
      vi.useRealTimers();
    }
  });
});
