import { asAwsError } from './aws-error.ts';
import type { AwsContext } from './aws-room.ts';
import type { Principal } from './principal.ts';
import type { SetTimer } from './set-timer.ts';

/** Why one try to deliver failed. */
export interface DeliveryFailure {
  readonly code: string;
  readonly message: string;
  /** Denied, or not there: trying again does not help. */
  readonly isLasting: boolean;
}

/** Something to be delivered, as the service that delivers sees it. */
export interface RetriedDelivery {
  readonly attempt: () => Promise<DeliveryFailure | undefined>;
  /** Milliseconds from a failed try to the next; undefined where there is none. `retries` were made before. */
  readonly pauseMs: (retries: number) => number | undefined;
  /** After the last try: the dead-letter queue, or a line for whoever runs the twin. */
  readonly giveUp: (failure: DeliveryFailure, retries: number) => Promise<void>;
}

export type DeliveryContext = Pick<AwsContext, 'callAws' | 'invokeAsync'>;

/** Deliveries of a service that calls others in its own name: nobody waits for them, and what may pass is tried again. */
export class RetriedDeliveries {
  readonly #context: DeliveryContext;
  readonly #setTimer: SetTimer;
  readonly #running = new Set<Promise<void>>();
  readonly #pauses = new Set<() => void>();
  #isClosed = false;

  constructor(context: DeliveryContext, setTimer: SetTimer) {
    this.#context = context;
    this.#setTimer = setTimer;
  }

  /** Begins at once, or when `previous` is over. What it returns never fails, and ends when all is delivered or given up. */
  begin(delivery: RetriedDelivery, previous?: Promise<void>): Promise<void> {
    const run = previous ? previous.then(() => this.#deliver(delivery)) : this.#deliver(delivery);
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
    return run;
  }

  /** Resolves when everything that was begun has been delivered, or given up. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Ends every pause; what failed until then is not tried again. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const endPause of this.#pauses) endPause();
    await this.settled();
  }

  /** One try to have a function take an event. */
  async invoke(functionArn: string, payload: unknown, principal: Principal): Promise<DeliveryFailure | undefined> {
    const outcome = await this.#context.invokeAsync(functionArn, payload, principal);
    if (outcome.ok) return undefined;
    const isLasting = outcome.kind === 'denied' || outcome.kind === 'unknown-function';
    return { code: outcome.errorType, message: outcome.errorMessage, isLasting };
  }

  /** One call of a service's operation. */
  async call(
    service: string,
    operation: string,
    input: Readonly<Record<string, unknown>>,
    principal: Principal,
  ): Promise<DeliveryFailure | undefined> {
    try {
      await this.#context.callAws(service, operation, input, principal);
      return undefined;
    } catch (thrown) {
      // A fault of the twin itself counts as one of the service: it is tried again, and reported in the end.
      const error = asAwsError(thrown);
      const isThrottled = /Throttl|ThroughputExceeded|TooManyRequests/.test(error.type);
      const isLasting = error.statusCode < 500 && !isThrottled;
      return { code: error.queryCode ?? error.type, message: error.message, isLasting };
    }
  }

  async #deliver({ attempt, pauseMs, giveUp }: RetriedDelivery): Promise<void> {
    for (let retries = 0; ; retries += 1) {
      const failure = await attempt();
      if (!failure || this.#isClosed) return;
      const ms = failure.isLasting ? undefined : pauseMs(retries);
      if (ms === undefined) return giveUp(failure, retries);
      await this.#pause(ms);
    }
  }

  #pause(ms: number): Promise<void> {
    if (ms === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        cancelTimer();
        this.#pauses.delete(end);
        resolve();
      };
      const cancelTimer = this.#setTimer(ms, end);
      this.#pauses.add(end);
    });
  }
}
