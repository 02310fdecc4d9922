import type { SetTimer } from '../set-timer.ts';
import type { TableStore } from './storage/table-store.ts';

/** How often expired items are looked for. DynamoDB promises a few days; a laptop wants to see it happen. */
const SWEEP_EVERY_MS = 1000;
/** Items of one sweep and table: a million that expire together must not stop the twin. */
const SWEEP_MAX = 1000;

/** Deletes items whose time to live has passed. */
export class ExpirySweeper {
  readonly #tables: TableStore;
  readonly #nowMs: () => number;
  readonly #setTimer: SetTimer;
  #stop: () => void = () => {};

  constructor(tables: TableStore, nowMs: () => number, setTimer: SetTimer) {
    this.#tables = tables;
    this.#nowMs = nowMs;
    this.#setTimer = setTimer;
  }

  start(): void {
    this.#stop = this.#setTimer(SWEEP_EVERY_MS, () => {
      this.sweep();
      this.start();
    });
  }

  /** Deletes what has expired, as the service itself: streams say so. */
  sweep(): void {
    const nowMs = this.#nowMs();
    for (const table of this.#tables.values()) {
      for (const { partition, key } of table.expiry?.expired(nowMs, SWEEP_MAX) ?? []) {
        table.write({ partition, sort: key }, undefined, 'expiry');
      }
    }
  }

  close(): void {
    this.#stop();
  }
}
