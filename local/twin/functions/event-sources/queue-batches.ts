import type { Invoke, InvokeOutcome } from '../invoke.ts';
import { itemFailures } from './item-failures.ts';
import type { MappingSpec } from './mapping-spec.ts';
import type { QueueClient } from './queue-client.ts';
import type { QueueMappingSpec } from './queue-mapping-spec.ts';
import { payloadRuns, type QueueMessage, sqsFilterDocument, sqsRecord } from './sqs-event.ts';

/** What a queue's consumer is made of. */
export interface QueueParts {
  readonly spec: MappingSpec<QueueMappingSpec>;
  readonly queue: QueueClient;
  readonly visibilityTimeoutMs: number;
}

/** Messages that are processed together. */
export interface GatheredBatch {
  readonly messages: readonly QueueMessage[];
  /** When the first of them was received. */
  readonly receivedMs: number;
}

/** How a batch ended, as far as scaling cares. */
export type BatchEnd = 'done' | 'failed' | 'throttled';

export interface QueueBatchOptions {
  readonly invoke: Invoke;
  readonly nowMs: () => number;
  readonly log: (message: string) => void;
  /** Aborted when the mapping stops. */
  readonly signal: AbortSignal;
  readonly sleep: (delayMs: number) => Promise<void>;
}

/** Messages of one ReceiveMessage. */
const RECEIVE_MAX = 10;
/** The longest poll that SQS knows. */
const LONG_POLL_SECONDS = 20;
const THROTTLE_BASE_MS = 100;
const THROTTLE_CAP_MS = 10_000;

/** Gathers the batches of one queue and has the function process them. */
export class QueueBatches {
  readonly #parts: QueueParts;
  readonly #options: QueueBatchOptions;
  #warnedOfOrder = false;

  constructor(parts: QueueParts, options: QueueBatchOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  /**
   * The next batch: what one long poll brings and, within the batching window, what further ones add. Messages that the
   * filters do not let pass are deleted. Empty where there was nothing, or the mapping stops.
   */
  async gather(): Promise<GatheredBatch> {
    const { source } = this.#parts.spec;
    const { nowMs, signal } = this.#options;
    const messages = [...(await this.#receive(source.batchSize, LONG_POLL_SECONDS))];
    const receivedMs = nowMs();
    if (messages.length > 0 && source.batchingWindowMs > 0) {
      const endMs = receivedMs + source.batchingWindowMs;
      while (messages.length < source.batchSize && nowMs() < endMs && !signal.aborted) {
        // Whole seconds, as SQS counts: the window may last up to one longer.
        const waitSeconds = Math.min(LONG_POLL_SECONDS, Math.ceil((endMs - nowMs()) / 1_000));
        messages.push(...(await this.#receive(source.batchSize - messages.length, waitSeconds)));
        if (payloadRuns(messages, this.#parts.spec.sourceArn).length > 1) break;
      }
    }
    if (!signal.aborted) return { messages, receivedMs };
    await this.#parts.queue.giveBack(messages);
    return { messages: [], receivedMs };
  }

  /** Has a batch processed; `onThrottle` hears of each invocation that found no capacity. */
  async process({ messages, receivedMs }: GatheredBatch, onThrottle: (end: BatchEnd) => void): Promise<BatchEnd> {
    let end: BatchEnd = 'done';
    for (const run of payloadRuns(messages, this.#parts.spec.sourceArn)) {
      // What follows a failure in a FIFO queue waits, as it does in its message group.
      if (end !== 'done' && this.#parts.spec.source.isFifo) break;
      const ended = await this.#processRun(run, receivedMs, onThrottle);
      if (ended !== 'done') end = ended;
    }
    return end;
  }

  async #processRun(
    run: readonly QueueMessage[],
    receivedMs: number,
    onThrottle: (end: BatchEnd) => void,
  ): Promise<BatchEnd> {
    const { spec, queue } = this.#parts;
    const outcome = await this.#invoke(run, receivedMs, onThrottle);
    if (outcome.ok) {
      const failed = spec.reportsItemFailures ? this.#failedIds(outcome.payload, run) : new Set<string>();
      if (failed === undefined) return 'failed';
      await queue.delete(run.filter(({ MessageId }) => !failed.has(MessageId)));
      return failed.size > 0 ? 'failed' : 'done';
    }
    // Who stops the mapping often stops the function, too: the messages need not wait for their visibility timeout.
    if (this.#options.signal.aborted) await queue.giveBack(run);
    return outcome.kind === 'throttled' ? 'throttled' : 'failed';
  }

  /** A throttled batch is tried until its messages are visible to others again; whatever else fails waits for that. */
  async #invoke(
    run: readonly QueueMessage[],
    receivedMs: number,
    onThrottle: (end: BatchEnd) => void,
  ): Promise<InvokeOutcome> {
    const { spec, visibilityTimeoutMs } = this.#parts;
    const { invoke, nowMs, sleep, signal } = this.#options;
    const event = { Records: run.map((message) => sqsRecord(message, spec.sourceArn)) };
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await invoke(spec.functionName, event);
      if (outcome.ok || outcome.kind !== 'throttled' || signal.aborted) return outcome;
      const delayMs = Math.min(THROTTLE_CAP_MS, THROTTLE_BASE_MS * 2 ** attempt);
      if (nowMs() + delayMs - receivedMs >= visibilityTimeoutMs) return outcome;
      onThrottle('throttled');
      await sleep(delayMs);
      if (signal.aborted) return outcome;
    }
  }

  /** Ids of the messages that stay in the queue; `undefined`: all of them. */
  #failedIds(payload: unknown, run: readonly QueueMessage[]): ReadonlySet<string> | undefined {
    const ids = new Set(run.map(({ MessageId }) => MessageId));
    const failures = itemFailures(payload, (identifier) => ids.has(identifier));
    if (failures.kind === 'none') return new Set();
    if (failures.kind === 'invalid') return undefined;
    if (this.#parts.spec.source.isFifo) this.#warnOfOrder(run, failures.identifiers);
    return failures.identifiers;
  }

  /** Lambda deletes what is not reported, also behind a failure in the same group; only the function can keep the order. */
  #warnOfOrder(run: readonly QueueMessage[], failed: ReadonlySet<string>): void {
    if (this.#warnedOfOrder) return;
    const failedGroups = new Set<string>();
    for (const { MessageId, Attributes } of run) {
      const group = Attributes?.MessageGroupId ?? '';
      if (failed.has(MessageId)) failedGroups.add(group);
      else if (failedGroups.has(group)) {
        this.#warnedOfOrder = true;
        this.#options.log(
          `${this.#parts.spec.logicalId}: the function reported a failed message of group '${group}' and not the ones ` +
            'behind it, which Lambda takes for processed: the group is out of order; report all messages from the first ' +
            'failure of a group on',
        );
        return;
      }
    }
  }

  async #receive(max: number, waitSeconds: number): Promise<readonly QueueMessage[]> {
    const { spec, queue } = this.#parts;
    const messages = await queue.receive(Math.min(RECEIVE_MAX, max), waitSeconds, this.#options.signal);
    const { filter, sourceArn } = spec;
    if (!filter || messages.length === 0) return messages;
    const passed: QueueMessage[] = [];
    const dropped: QueueMessage[] = [];
    for (const message of messages) (filter(sqsFilterDocument(message, sourceArn)) ? passed : dropped).push(message);
    if (dropped.length > 0) await queue.delete(dropped);
    return passed;
  }
}
