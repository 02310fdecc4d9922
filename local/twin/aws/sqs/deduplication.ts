import type { QueueMessage } from './queue-message.ts';

/** For this long a FIFO queue accepts a message again without delivering it again. */
const WINDOW_MS = 5 * 60_000;

/** What the sender of a duplicate is told. */
export type Accepted = Pick<QueueMessage, 'id' | 'sequenceNumber'>;

/** Which messages a FIFO queue has accepted in the last five minutes, by what makes them the same. */
export class Deduplication {
  readonly #seen = new Map<string, { readonly accepted: Accepted; readonly untilMs: number }>();
  /** Keys in the order in which they lapse; those before `#first` have. */
  #lapsing: string[] = [];
  #first = 0;

  /** The message that was accepted under this key, where its five minutes are not over. */
  find(key: string, nowMs: number): Accepted | undefined {
    this.#forget(nowMs);
    return this.#seen.get(key)?.accepted;
  }

  add(key: string, { id, sequenceNumber, sentMs }: QueueMessage): void {
    this.#seen.set(key, { accepted: { id, sequenceNumber }, untilMs: sentMs + WINDOW_MS });
    this.#lapsing.push(key);
  }

  #forget(nowMs: number): void {
    for (;;) {
      const key = this.#lapsing[this.#first];
      if (key === undefined || (this.#seen.get(key)?.untilMs ?? 0) > nowMs) break;
      this.#seen.delete(key);
      this.#first += 1;
    }
    if (this.#first > 1_000 && this.#first * 2 > this.#lapsing.length) {
      this.#lapsing = this.#lapsing.slice(this.#first);
      this.#first = 0;
    }
  }
}
