import { machineTimer, type SetTimer } from './aws/set-timer.ts';

interface Waiting {
  readonly dueMs: number;
  readonly run: () => void;
  cancel: () => void;
}

/**
 * The machine's time, and whatever was skipped of it: a message that is out of sight for twelve minutes need not be waited
 * for. What waits for the twin's timers runs as it would have; the clocks of functions go along. What functions themselves
 * wait for, and their time-outs, go by the machine: skip while none is busy, and nobody can tell.
 */
export class SkippableTime {
  /** One 64-bit integer, in milliseconds: how far this clock is ahead of the machine's. Read by functions' threads. */
  readonly skipped = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  readonly #skippedMs = new BigInt64Array(this.skipped);
  readonly #waiting = new Set<Waiting>();
  readonly #machineNowMs: () => number;
  readonly #setMachineTimer: SetTimer;

  constructor(machineNowMs: () => number = Date.now, setMachineTimer: SetTimer = machineTimer) {
    this.#machineNowMs = machineNowMs;
    this.#setMachineTimer = setMachineTimer;
  }

  readonly nowMs = (): number => this.#machineNowMs() + this.skippedMs;

  readonly setTimer: SetTimer = (delayMs, run) => {
    const waiting: Waiting = { dueMs: this.nowMs() + Math.max(0, delayMs), run, cancel: () => {} };
    this.#waiting.add(waiting);
    this.#arm(waiting);
    return () => {
      this.#waiting.delete(waiting);
      waiting.cancel();
    };
  };

  get skippedMs(): number {
    return Number(Atomics.load(this.#skippedMs, 0));
  }

  /** When the next timer is due; `undefined`: nothing waits. */
  get nextDueMs(): number | undefined {
    let next: number | undefined;
    for (const { dueMs } of this.#waiting) if (next === undefined || dueMs < next) next = dueMs;
    return next;
  }

  /** Moves on, and runs what is due by then in its order, and then what that set. @throws RangeError for a negative time. */
  skip(ms: number): void {
    if (!(Number.isFinite(ms) && ms >= 0)) throw new RangeError(`a time to skip must be 0 ms or more, got ${ms}`);
    Atomics.add(this.#skippedMs, 0, BigInt(Math.round(ms)));
    const nowMs = this.nowMs();
    const due = [...this.#waiting].filter(({ dueMs }) => dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs);
    for (const waiting of due) this.#fire(waiting);
    for (const waiting of this.#waiting) {
      waiting.cancel();
      this.#arm(waiting);
    }
  }

  #arm(waiting: Waiting): void {
    waiting.cancel = this.#setMachineTimer(Math.max(0, waiting.dueMs - this.nowMs()), () => this.#fire(waiting));
  }

  #fire(waiting: Waiting): void {
    // One that was due before it may have called it off.
    if (!this.#waiting.delete(waiting)) return;
    waiting.cancel();
    waiting.run();
  }
}
