import type { QueueMessage } from './queue-message.ts';

interface Attempt {
  readonly messages: readonly QueueMessage[];
  /** Which receive of each message it was. */
  readonly receives: readonly number[];
  readonly untilMs: number;
}

/** For this long a receive from a FIFO queue can be asked for again. */
const WINDOW_MS = 5 * 60_000;

/** Receives by `ReceiveRequestAttemptId`: who asks again after a network error gets the same messages. */
export class ReceiveAttempts {
  readonly #attempts = new Map<string, Attempt>();

  remember(id: string, messages: readonly QueueMessage[], nowMs: number): void {
    for (const [old, { untilMs }] of this.#attempts) {
      if (untilMs > nowMs) break;
      this.#attempts.delete(old);
    }
    const receives = messages.map(({ receivesHere }) => receivesHere);
    this.#attempts.set(id, { messages, receives, untilMs: nowMs + WINDOW_MS });
  }

  /** The messages of an attempt, as long as none of them was deleted, became visible or was received by another. */
  replay(id: string, nowMs: number): readonly QueueMessage[] | undefined {
    const attempt = this.#attempts.get(id);
    if (!attempt || attempt.untilMs <= nowMs) return undefined;
    const { messages, receives } = attempt;
    const isUntouched = messages.every(
      ({ state, heapIndex, receivesHere, dueMs }, index) =>
        state === 'in-flight' && heapIndex >= 0 && dueMs > nowMs && receivesHere === receives[index],
    );
    return isUntouched ? messages : undefined;
  }
}
