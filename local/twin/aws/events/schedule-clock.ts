import type { SetTimer } from '../set-timer.ts';
import { type HeapItem, IndexedHeap } from '../sqs/indexed-heap.ts';
import type { Schedule } from './schedule-expression.ts';

interface Entry extends HeapItem {
  readonly schedule: Schedule;
  readonly run: (dueMs: number) => void;
  dueMs: number;
}

/** Runs what is scheduled, with one timer for whatever is due next. After the machine has slept each runs once, not once a miss. */
export class ScheduleClock {
  readonly #nowMs: () => number;
  readonly #setTimer: SetTimer;
  readonly #entries = new IndexedHeap<Entry>((a, b) => a.dueMs < b.dueMs);
  #cancelTimer = (): void => {};

  constructor(nowMs: () => number, setTimer: SetTimer) {
    this.#nowMs = nowMs;
    this.#setTimer = setTimer;
  }

  /** Runs at each time of the schedule after `afterMs`; returns how to stop it. */
  add(schedule: Schedule, run: (dueMs: number) => void, afterMs = this.#nowMs()): () => void {
    const dueMs = schedule.next(afterMs);
    if (dueMs === undefined) return () => {};
    const entry: Entry = { schedule, run, dueMs, heapIndex: -1 };
    this.#entries.push(entry);
    if (this.#entries.peek() === entry) this.#arm();
    return () => {
      if (entry.heapIndex < 0) return;
      this.#entries.remove(entry);
      this.#arm();
    };
  }

  close(): void {
    while (this.#entries.pop());
    this.#arm();
  }

  #arm(): void {
    this.#cancelTimer();
    const next = this.#entries.peek();
    this.#cancelTimer = next ? this.#setTimer(Math.max(0, next.dueMs - this.#nowMs()), () => this.#runDue()) : () => {};
  }

  #runDue(): void {
    const nowMs = this.#nowMs();
    const due: { readonly entry: Entry; readonly dueMs: number }[] = [];
    for (;;) {
      const entry = this.#entries.peek();
      if (!entry || entry.dueMs > nowMs) break;
      this.#entries.remove(entry);
      due.push({ entry, dueMs: entry.dueMs });
      const nextMs = entry.schedule.next(nowMs);
      if (nextMs === undefined) continue;
      entry.dueMs = nextMs;
      this.#entries.push(entry);
    }
    this.#arm();
    for (const { entry, dueMs } of due) entry.run(dueMs);
  }
}
