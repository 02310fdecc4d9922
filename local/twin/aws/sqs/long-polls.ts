import type { SetTimer } from '../set-timer.ts';
import type { Queue } from './queue.ts';
import type { QueueMessage } from './queue-message.ts';

interface Waiter {
  readonly attempt: () => readonly QueueMessage[];
  readonly deadlineMs: number;
  readonly finish: (messages: readonly QueueMessage[]) => void;
}

/**
 * The receives that wait for a message of one queue, first come, first served. While somebody waits there is one timer, for
 * the next message that becomes visible by itself or the next receive that has waited long enough.
 */
export class LongPolls {
  readonly #queue: Queue;
  readonly #nowMs: () => number;
  readonly #setTimer: SetTimer;
  readonly #waiters = new Set<Waiter>();
  #timerMs = Infinity;
  #cancelTimer = (): void => {};

  constructor(queue: Queue, nowMs: () => number, setTimer: SetTimer) {
    this.#queue = queue;
    this.#nowMs = nowMs;
    this.#setTimer = setTimer;
  }

  /** Tries again as messages become visible; resolves with none after `waitMs`, or when the caller hangs up. */
  wait(attempt: () => readonly QueueMessage[], waitMs: number, signal: AbortSignal): Promise<readonly QueueMessage[]> {
    if (signal.aborted) return Promise.resolve([]);
    return new Promise((resolve) => {
      const finish = (messages: readonly QueueMessage[]): void => {
        this.#waiters.delete(waiter);
        signal.removeEventListener('abort', hangUp);
        resolve(messages);
      };
      const hangUp = (): void => {
        finish([]);
        this.#arm();
      };
      const waiter: Waiter = { attempt, deadlineMs: this.#nowMs() + waitMs, finish };
      signal.addEventListener('abort', hangUp);
      this.#waiters.add(waiter);
      this.#arm();
    });
  }

  /** To be called after whatever may have made a message visible. */
  notify(): void {
    if (this.#waiters.size === 0) return;
    for (const waiter of this.#waiters) {
      if (!this.#queue.hasVisible(this.#nowMs())) break;
      const messages = waiter.attempt();
      // What one cannot have, since its group is locked, no other can.
      if (messages.length === 0) break;
      waiter.finish(messages);
    }
    this.#arm();
  }

  close(): void {
    for (const waiter of this.#waiters) waiter.finish([]);
    this.#arm();
  }

  #arm(): void {
    let dueMs = this.#waiters.size === 0 ? Infinity : (this.#queue.nextDueMs ?? Infinity);
    for (const { deadlineMs } of this.#waiters) dueMs = Math.min(dueMs, deadlineMs);
    if (dueMs === this.#timerMs) return;
    this.#cancelTimer();
    this.#timerMs = dueMs;
    this.#cancelTimer =
      dueMs === Infinity ? () => {} : this.#setTimer(Math.max(0, dueMs - this.#nowMs()), () => this.#onTimer());
  }

  #onTimer(): void {
    this.#timerMs = Infinity;
    const nowMs = this.#nowMs();
    this.notify();
    for (const waiter of this.#waiters) if (waiter.deadlineMs <= nowMs) waiter.finish([]);
    this.#arm();
  }
}
