import type { DeadLetter } from './dead-letter.ts';
import type { LetterQueue } from './letter-queue.ts';

/** Letters that were received and stay in the queue: out of sight until they are put back, or their time is over. */
export class HeldLetters {
  readonly #queue: Pick<LetterQueue, 'hide'>;
  readonly #nowMs: () => number;
  readonly #letters = new Map<string, DeadLetter>();

  constructor(queue: Pick<LetterQueue, 'hide'>, nowMs: () => number) {
    this.#queue = queue;
    this.#nowMs = nowMs;
  }

  /** The last receipt of a message is the one that counts. */
  take(letter: DeadLetter): void {
    this.#letters.set(letter.messageId, letter);
  }

  drop({ messageId }: DeadLetter): void {
    this.#letters.delete(messageId);
  }

  /** Puts back those that are still out of sight. What fails comes back by itself, a little later. */
  async putBack(): Promise<void> {
    const letters = [...this.#letters.values()].filter(({ hiddenUntilMs }) => hiddenUntilMs > this.#nowMs());
    this.#letters.clear();
    await this.#queue.hide(letters, 0).catch(() => {});
  }
}
