/** A call that IAM refused, or would have refused, and how often. */
export interface CountedDenial {
  /** AWS's sentence. */
  readonly message: string;
  readonly count: number;
}

/** Distinct sentences that are kept; callers make up resource names. */
const SENTENCES_MAX = 1_000;

/** Counts refusals, and tells of each sentence once. */
export class Denials {
  readonly #counts = new Map<string, number>();
  readonly #tell: (message: string) => void;

  constructor(tell: (message: string) => void) {
    this.#tell = tell;
  }

  add(message: string): void {
    const count = this.#counts.get(message);
    if (count === undefined) {
      if (this.#counts.size >= SENTENCES_MAX) return;
      this.#tell(message);
    }
    this.#counts.set(message, (count ?? 0) + 1);
  }

  /** Most frequent first. */
  list(): readonly CountedDenial[] {
    return [...this.#counts].map(([message, count]) => ({ message, count })).sort((a, b) => b.count - a.count);
  }
}
