import { machineTimer, type SetTimer } from '../../aws/set-timer.ts';
import type { EventSourceOptions, SourceConsumer } from './event-source-options.ts';
import {
  backOff,
  grow,
  growthIntervalMs,
  relax,
  type Scaling,
  type ScalingLimits,
  scalingLimits,
  startScaling,
} from './poller-scaling.ts';
import { type BatchEnd, type GatheredBatch, QueueBatches, type QueueParts } from './queue-batches.ts';

/** Batches of one queue in flight: what a laptop can run. */
const MAX_CONCURRENCY = 50;
const ERROR_DELAY_MS = 1_000;
const ERROR_DELAY_MAX_MS = 30_000;

/** Polls a queue for one mapping: as many pollers as scaling grants each gather a batch, have it processed, and go on. */
export class QueueConsumer implements SourceConsumer {
  readonly #parts: QueueParts;
  readonly #options: EventSourceOptions;
  readonly #setTimer: SetTimer;
  readonly #limits: ScalingLimits;
  readonly #batches: QueueBatches;
  readonly #stopping = new AbortController();
  readonly #pollers = new Set<Promise<void>>();
  #scaling: Scaling;
  #busy = 0;
  #backlog = 0;
  #isCounting = false;
  #isGrowthDue = false;
  #lastError = '';
  #errors = 0;

  constructor(parts: QueueParts, options: EventSourceOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#setTimer = options.setTimer ?? machineTimer;
    const { provisioned, maxConcurrency } = parts.spec.source;
    this.#limits = scalingLimits(provisioned, maxConcurrency, options.maxQueueConcurrency ?? MAX_CONCURRENCY);
    this.#scaling = startScaling(this.#limits);
    const { signal } = this.#stopping;
    const { invoke, nowMs, log } = options;
    this.#batches = new QueueBatches(parts, { invoke, nowMs, log, signal, sleep: (ms) => this.#sleep(ms) });
    this.#addPollers();
  }

  /** As of the last time somebody asked: counting takes a call. */
  get backlog(): number {
    if (!this.#isCounting && !this.#stopping.signal.aborted) {
      this.#isCounting = true;
      void this.#parts.queue
        .countMessages()
        .then((count) => {
          this.#backlog = count;
        })
        .catch(() => {})
        .finally(() => {
          this.#isCounting = false;
        });
    }
    return this.#backlog;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#pollers);
  }

  #addPollers(): void {
    while (this.#pollers.size < this.#scaling.concurrency && !this.#stopping.signal.aborted) {
      const poller: Promise<void> = this.#poll().finally(() => {
        this.#pollers.delete(poller);
        // Two may have left in one turn where one was too many.
        this.#addPollers();
      });
      this.#pollers.add(poller);
    }
  }

  async #poll(): Promise<void> {
    while (!this.#stopping.signal.aborted && this.#pollers.size <= this.#scaling.concurrency) {
      try {
        const batch = await this.#batches.gather();
        this.#errors = 0;
        if (batch.messages.length > 0) await this.#process(batch);
        else this.#relax();
      } catch (error) {
        await this.#pause(error as Error);
      }
    }
  }

  #relax(): void {
    this.#scaling = relax(this.#scaling, this.#limits);
    this.#addPollers();
  }

  async #process(batch: GatheredBatch): Promise<void> {
    this.#busy += 1;
    this.#grow();
    try {
      this.#settle(await this.#batches.process(batch, (end) => this.#settle(end)));
    } finally {
      this.#busy -= 1;
    }
  }

  /** "When ReportBatchItemFailures is activated, Lambda doesn't scale down message polling when function invocations fail." */
  #settle(end: BatchEnd): void {
    const slowsDown = end === 'throttled' || (end === 'failed' && !this.#parts.spec.reportsItemFailures);
    if (slowsDown) this.#scaling = backOff(this.#scaling);
  }

  /** Looks at once and, while all pollers are busy, again whenever another one is granted. */
  #grow(): void {
    this.#scaling = grow(this.#scaling, this.#limits, this.#busy, this.#options.nowMs());
    this.#addPollers();
    const { concurrency, busySinceMs } = this.#scaling;
    if (busySinceMs === undefined || concurrency >= this.#limits.max || this.#isGrowthDue) return;
    this.#isGrowthDue = true;
    this.#setTimer(growthIntervalMs(this.#limits), () => {
      this.#isGrowthDue = false;
      if (!this.#stopping.signal.aborted) this.#grow();
    });
  }

  /** A queue that cannot be polled or deleted from (it is gone, the role may not) is said once, and tried again. */
  async #pause(error: Error): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    if (error.message !== this.#lastError) {
      this.#lastError = error.message;
      this.#options.log(`${this.#parts.spec.logicalId}: ${error.message}`);
    }
    const delayMs = Math.min(ERROR_DELAY_MAX_MS, ERROR_DELAY_MS * 2 ** this.#errors);
    this.#errors += 1;
    await this.#sleep(delayMs);
  }

  /** Ends early when the mapping stops. */
  #sleep(delayMs: number): Promise<void> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      const cancel = this.#setTimer(delayMs, () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      const onAbort = (): void => {
        cancel();
        resolve();
      };
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
