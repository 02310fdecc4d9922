import type { Clock } from '../clock.ts';
import { Deadlines } from './deadlines.ts';
import type { ValkeyCommands, ValkeyConnection } from './open-connection.ts';

/** The store did not answer, or was not asked because it failed a moment ago. */
export class StoreError extends Error {
  readonly code = 'store-unavailable';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StoreError';
  }
}

/** How long to wait for what, in ms. */
export interface ValkeyStoreOptions {
  /** Opens a connection with credentials that are fresh. */
  readonly connect: () => Promise<ValkeyConnection>;
  readonly clock: Clock;
  /** For a new connection, TLS included. */
  readonly connectTimeoutMs: number;
  readonly commandTimeoutMs: number;
  /** After a failure nobody asks the store for so long, so that a dead one costs nothing per request. */
  readonly penaltyMs: number;
  /** A connection is replaced at this age, so that whatever it opens by itself still has a valid token. */
  readonly maxConnectionAgeMs: number;
  /** Called once per penalty. */
  readonly onFailure?: (error: StoreError) => void;
}

interface Link {
  readonly opened: Promise<ValkeyConnection>;
  /** Undefined until it is open. */
  connection: ValkeyConnection | undefined;
  readonly bornMs: number;
  used: boolean;
  isDropped: boolean;
}

/**
 * One connection per environment, opened by the first command and again by the first one after it was lost. Every
 * command ends in time; a failed one closes the connection and opens the penalty.
 */
export class ValkeyStore {
  readonly #options: ValkeyStoreOptions;
  readonly #opening: Deadlines;
  readonly #answers: Deadlines;
  #link: Link | undefined;
  #failedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ValkeyStoreOptions) {
    this.#options = options;
    const { connectTimeoutMs, commandTimeoutMs } = options;
    this.#opening = new Deadlines(connectTimeoutMs, () => late('connect', connectTimeoutMs));
    this.#answers = new Deadlines(commandTimeoutMs, () => late('answer', commandTimeoutMs));
  }

  /** Runs one command, or rejects with `StoreError`. Each promise on the way costs, so there are as few as can be. */
  run<T>(command: (commands: ValkeyCommands) => Promise<T>): Promise<T> {
    const nowMs = this.#options.clock.now();
    if (this.#inPenalty(nowMs)) return Promise.reject(new StoreError('the store failed a moment ago'));
    const link = this.#currentLink(nowMs);
    // A connection that lay idle may be dead without anybody having noticed: that alone is no failure of the store.
    const mayBeStale = link.used;
    return this.#attempt(link, command).then(
      (reply) => {
        link.used = true;
        return reply;
      },
      (error) => {
        this.#drop(link);
        if (!mayBeStale || error instanceof StoreError) throw this.#fail(error);
        return this.#runAfresh(command);
      },
    );
  }

  /**
   * Sends a command whose reply nobody waits for: its lateness is no failure, and if it is lost, nothing is done. With an
   * open connection it is written before this returns; without one, after it has opened.
   */
  send(command: (commands: ValkeyCommands) => Promise<unknown>): void {
    const nowMs = this.#options.clock.now();
    if (this.#inPenalty(nowMs)) return;
    const link = this.#currentLink(nowMs);
    if (link.connection !== undefined) command(link.connection.commands).catch(ignore);
    else link.opened.then((connection) => command(connection.commands)).catch(ignore);
  }

  /** Closes the connection, if there is one. */
  close(): void {
    if (this.#link !== undefined) this.#drop(this.#link);
  }

  async #runAfresh<T>(command: (commands: ValkeyCommands) => Promise<T>): Promise<T> {
    const link = this.#currentLink(this.#options.clock.now());
    try {
      const reply = await this.#attempt(link, command);
      link.used = true;
      return reply;
    } catch (error) {
      this.#drop(link);
      throw this.#fail(error);
    }
  }

  #attempt<T>({ connection, opened }: Link, command: (commands: ValkeyCommands) => Promise<T>): Promise<T> {
    if (connection !== undefined) return this.#answers.within(command(connection.commands));
    return this.#opening.within(opened).then(({ commands }) => this.#answers.within(command(commands)));
  }

  #currentLink(nowMs: number): Link {
    const old = this.#link;
    if (old !== undefined && nowMs - old.bornMs < this.#options.maxConnectionAgeMs) return old;
    const link: Link = {
      opened: this.#options.connect(),
      connection: undefined,
      bornMs: nowMs,
      used: false,
      isDropped: false,
    };
    this.#link = link;
    link.opened.then(
      (connection) => {
        link.connection = connection;
        connection.onEnd(() => this.#forget(link));
      },
      () => this.#forget(link),
    );
    old?.opened.then((connection) => connection.drain(), ignore);
    return link;
  }

  #forget(link: Link): void {
    if (this.#link === link) this.#link = undefined;
  }

  #drop(link: Link): void {
    this.#forget(link);
    // Every command that was under way fails, and each comes here.
    if (link.isDropped) return;
    link.isDropped = true;
    link.opened.then((connection) => connection.discard(), ignore);
  }

  #inPenalty(nowMs: number): boolean {
    // The distance, not the order: a clock that is set back must not prolong it.
    return Math.abs(nowMs - this.#failedAtMs) < this.#options.penaltyMs;
  }

  #fail(cause: unknown): StoreError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const error = cause instanceof StoreError ? cause : new StoreError(`the store failed: ${reason}`, cause);
    const nowMs = this.#options.clock.now();
    if (!this.#inPenalty(nowMs)) {
      this.#failedAtMs = nowMs;
      this.#options.onFailure?.(error);
    }
    return error;
  }
}

function ignore(): void {}

function late(what: 'connect' | 'answer', ms: number): StoreError {
  return new StoreError(`the store did not ${what} within ${ms} ms`);
}
