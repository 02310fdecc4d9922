interface Pending {
  readonly atMs: number;
  /** Undefined once the promise has settled. */
  expire: (() => void) | undefined;
}

/**
 * Bounds promises by one and the same time. All share one timer: the oldest promise is the first to expire, and a timer
 * for each would cost a good part of what a command itself does.
 */
export class Deadlines {
  readonly #ms: number;
  readonly #error: () => Error;
  #queue: Pending[] = [];
  #pending = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param error what a promise is rejected with that takes longer than `ms`. */
  constructor(ms: number, error: () => Error) {
    this.#ms = ms;
    this.#error = error;
  }

  /** The promise's result, unless it takes longer. Keeps the process alive meanwhile. */
  within<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const pending: Pending = { atMs: performance.now() + this.#ms, expire: () => reject(this.#error()) };
      this.#begin(pending);
      promise.then(
        (value) => {
          this.#end(pending);
          resolve(value);
        },
        (error) => {
          this.#end(pending);
          reject(error);
        },
      );
    });
  }

  #begin(pending: Pending): void {
    this.#queue.push(pending);
    this.#pending += 1;
    if (this.#timer === undefined) this.#arm(this.#ms);
    else if (this.#pending === 1) this.#timer.ref();
  }

  #end(pending: Pending): void {
    if (pending.expire === undefined) return;
    pending.expire = undefined;
    this.#pending -= 1;
    // An idle timer may run out by itself: that costs less than to stop it now and start it again with the next command.
    if (this.#pending === 0) this.#timer?.unref();
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => {
      // If this process itself was held up, the answer is already waiting at the socket: read it before giving up.
      setImmediate(() => this.#expire());
    }, ms);
  }

  #expire(): void {
    const nowMs = performance.now();
    const late = this.#queue.filter(({ atMs, expire }) => expire !== undefined && atMs <= nowMs);
    this.#queue = this.#queue.filter(({ atMs, expire }) => expire !== undefined && atMs > nowMs);
    this.#timer = undefined;
    const next = this.#queue[0];
    if (next !== undefined) this.#arm(Math.max(1, Math.ceil(next.atMs - nowMs)));
    for (const pending of late) {
      const { expire } = pending;
      this.#end(pending);
      expire?.();
    }
  }
}
