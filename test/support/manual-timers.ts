import type { SetTimer } from '../../local/twin/aws/set-timer.ts';
import { ManualClock } from './manual-clock.ts';

/** Timers on a clock that tests move. */
export class ManualTimers {
  readonly clock = new ManualClock();
  readonly #timers = new Set<{ readonly dueMs: number; readonly run: () => void }>();

  readonly setTimer: SetTimer = (delayMs, run) => {
    const timer = { dueMs: this.clock.now() + delayMs, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Moves the clock on and fires what is due on the way, each at its time, with what follows from it. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.clock.now() + ms;
    await this.settle();
    for (;;) {
      const [next] = [...this.#timers].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs);
      if (!next) break;
      this.#timers.delete(next);
      this.clock.set(Math.max(this.clock.now(), next.dueMs));
      next.run();
      await this.settle();
    }
    this.clock.set(untilMs);
    await this.settle();
  }

  /** Lets everything happen that waits for nothing but its turn. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
