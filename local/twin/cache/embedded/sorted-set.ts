export interface ScoredMember {
  readonly member: string;
  readonly score: number;
}

/** Members ordered by score, equal scores by member as memcmp orders them. A sorted array: plenty for a laptop. */
export class SortedSet {
  readonly #scores = new Map<string, number>();
  readonly #ordered: ScoredMember[] = [];

  get size(): number {
    return this.#ordered.length;
  }

  score(member: string): number | undefined {
    return this.#scores.get(member);
  }

  /** Position from the lowest score, 0-based. */
  rank(member: string): number | undefined {
    const score = this.#scores.get(member);
    return score === undefined ? undefined : this.#position({ member, score });
  }

  set(member: string, score: number): void {
    this.delete(member);
    const entry = { member, score };
    this.#scores.set(member, score);
    this.#ordered.splice(this.#position(entry), 0, entry);
  }

  delete(member: string): boolean {
    const score = this.#scores.get(member);
    if (score === undefined) return false;
    this.#ordered.splice(this.#position({ member, score }), 1);
    this.#scores.delete(member);
    return true;
  }

  /** Members at the positions `start` ≤ position < `end`. */
  slice(start: number, end: number): readonly ScoredMember[] {
    return this.#ordered.slice(start, end);
  }

  /** How many members come before the first one for which the claim, true from some position on, holds. */
  countBefore(claim: (entry: ScoredMember) => boolean): number {
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#ordered[middle];
      if (entry !== undefined && claim(entry)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #position(wanted: ScoredMember): number {
    return this.countBefore(
      (entry) => entry.score > wanted.score || (entry.score === wanted.score && entry.member >= wanted.member),
    );
  }
}
