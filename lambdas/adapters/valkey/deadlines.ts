interface Pending {
  /** Number of the tick that it ends with. */
  readonly lastTick: number;
  /** Undefined once the promise has settled. */
  expire: (() => void) | undefined;
}

/** A wait is measured in so many ticks, the first of which is under way already: it is up to an eighth too short. */
const TICKS = 8;

/**
 * Bounds promises by one and the same time. All share one timer that ticks while anything is pending: a timer for each
 * would cost a good part of what a command itself does.
 */
export class Deadlines {
  readonly #tickMs: number;
  readonly #ticks: number;
  readonly #error: () => Error;
  #queue: Pending[] = [];
  #pending = 0;
  #tick = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param error what a promise is rejected with that takes longer than `ms`. */
  constructor(ms: number, error: () => Error) {
    this.#tickMs = Math.max(1, Math.floor(ms / TICKS));
    this.#ticks = Math.ceil(ms / this.#tickMs);
    this.#error = error;
  }

  /** The promise's result, unless it takes longer. Keeps the process alive meanwhile. */
  within<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const pending: Pending = { lastTick: this.#tick + this.#ticks, expire: () => reject(this.#error()) };
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
    if (this.#timer === undefined) this.#arm();
    else if (this.#pending === 1) this.#timer.ref();
  }

  #end(pending: Pending): void {
    if (pending.expire === undefined) return;
    pending.expire = undefined;
    this.#pending -= 1;
    // An idle timer may run out by itself: that costs less than to stop it now and start it again with the next command.
    if (this.#pending === 0) this.#timer?.unref();
  }

  #arm(): void {
    this.#timer = setTimeout(() => {
      this.#tick += 1;
      // If this process itself was held up, the answer is already waiting at the socket: read it before giving up.
      setImmediate(() => this.#expire());
    }, this.#tickMs);
  }

  #expire(): void {
    const open = this.#queue.filter(({ expire }) => expire !== undefined);
    const late = open.filter(({ lastTick }) => lastTick <= this.#tick);
    this.#queue = open.slice(late.length);
    for (const pending of late) {
      const { expire } = pending;
      this.#end(pending);
      expire?.();
    }
    this.#timer = undefined;
    if (this.#queue.length > 0) this.#arm();
  }
}
