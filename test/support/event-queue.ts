interface Event {
  readonly atMs: number;
  readonly run: (nowMs: number) => void;
}

/** Events on a virtual clock, run in the order of their times: a binary heap. */
export class EventQueue {
  readonly #heap: Event[] = [];
  nowMs = 0;

  add(atMs: number, run: (nowMs: number) => void): void {
    const heap = this.#heap;
    const event = { atMs, run };
    let place = heap.push(event) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.atMs <= atMs) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = event;
  }

  /** Runs what is due until `untilMs`. */
  run(untilMs: number): void {
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#removeFirst();
      this.nowMs = next.atMs;
      next.run(next.atMs);
    }
    this.nowMs = untilMs;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      if (a === undefined) break;
      const isRight = b !== undefined && b.atMs < a.atMs;
      const child = isRight ? b : a;
      if (child.atMs >= last.atMs) break;
      heap[place] = child;
      place = isRight ? left + 1 : left;
    }
    heap[place] = last;
  }
}
