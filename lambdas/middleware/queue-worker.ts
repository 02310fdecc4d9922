import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as v from 'valibot';
import type { Clock } from '../adapters/clock.ts';
import type { SetTimer } from '../adapters/dependencies/set-timer.ts';
import type { ServiceLogger } from '../adapters/logger.ts';
import type { WorkQueueClient } from '../adapters/messaging/work-queue-client.ts';
import type { WorkerSpec } from '../contract/worker-spec.ts';
import { redeliveryDelaySeconds } from '../resilience/redelivery-delay.ts';
import { attemptJob, type JobOutcome } from './workers/attempt-job.ts';
import { aborted, type InvocationContext, watchTime } from './workers/invocation-time.ts';
import type { Job } from './workers/job.ts';
import { receiveCount } from './workers/receive-count.ts';
import { runBounded } from './workers/run-bounded.ts';

export type { Job } from './workers/job.ts';

/** What a queue's worker works with; `createQueueWorkerRuntime` has all but what is its own. */
export interface QueueWorkerOptions<T> {
  /** Of the work item's `data`. What is against it is set aside at once. */
  readonly schema: v.GenericSchema<unknown, T>;
  /**
   * Does the work, which may have been done before, in part or whole: a message is delivered at least once. Rejects to be
   * called again later; with an error whose `retryable` is false the message is set aside at once. `signal` aborts a second
   * before the function's time-out, and what has not ended shortly after that counts as not done.
   */
  readonly handle: (job: Job<T>, signal: AbortSignal) => Promise<void>;
  /** Records that the job was not begun in time, before its message is dropped. Called again where it rejects. */
  readonly onExpired?: (job: Job<T>) => Promise<void>;
  /**
   * Records that the job has failed for good, right before its message is set aside. Called again where either fails. The
   * data may be what no schema knows.
   */
  readonly onSetAside?: (job: Job<unknown>, error: unknown) => Promise<void>;
  readonly queue: WorkQueueClient;
  readonly spec: WorkerSpec;
  /** Messages of one batch that are worked on at a time; those of one group of an ordered queue never are. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly setTimer: SetTimer;
  readonly logger: ServiceLogger;
}

export type QueueWorker = (event: SQSEvent, context: InvocationContext) => Promise<SQSBatchResponse>;

/** What was cut off by the function's time has failed at nothing, and soon comes back. */
const CUT_OFF_DELAY_SECONDS = 1;

/**
 * Works off batches of a queue. A message is acknowledged only once its work is done, has expired, or is among the dead
 * letters; all others are named in the answer, and come back after a growing delay (full jitter) by the change of their
 * visibility, or where that fails by the queue's visibility timeout.
 *
 * In a queue without order those delivered most often go first: what a full batch left no time for is not left out again.
 * In one with order the messages of a group are taken one after the other, and the first that fails holds up the rest. SQS
 * counts a delivery of these as well, so their attempts are fewer than `spec.attempts`; batches of one avoid that.
 */
export function createQueueWorker<T>(options: QueueWorkerOptions<T>): QueueWorker {
  const { queue, spec, concurrency, random, setTimer, logger } = options;
  const backoff = { baseSeconds: spec.retryBaseSeconds, capSeconds: spec.retryCapSeconds };

  async function giveBack({ messageId, receiptHandle }: SQSRecord, seconds: number, signal: AbortSignal) {
    try {
      await queue.changeVisibility(receiptHandle, seconds, signal);
    } catch (error) {
      // It comes back all the same, when its visibility timeout ends.
      logger.warn('a message could not be given back early', { queue: spec.name, messageId, error });
    }
  }

  const delaySeconds = (record: SQSRecord, { kind }: JobOutcome): number => {
    if (kind === 'cut-off') return CUT_OFF_DELAY_SECONDS;
    return redeliveryDelaySeconds(backoff, receiveCount(record), random());
  };

  return async ({ Records }, context) => {
    const time = watchTime(context, setTimer);
    // Whatever is not in here when the answer is given was not done.
    const over = new Set<string>();
    const isGivenBack = new Set<string>();
    const returning: Promise<void>[] = [];
    const comeBack = (record: SQSRecord, seconds: number) => {
      if (isGivenBack.has(record.messageId)) return;
      isGivenBack.add(record.messageId);
      returning.push(giveBack(record, seconds, time.answer));
    };
    const work = runBounded(turnsOf(copiesLeftOut(Records), spec.isFifo), concurrency, async (turn) => {
      for (const [index, record] of turn.entries()) {
        const outcome = await attemptJob(options, record, time);
        // It was given up, and is on its way back.
        if (time.patience.aborted) return;
        if (outcome.kind === 'over') {
          over.add(record.messageId);
          continue;
        }
        comeBack(record, delaySeconds(record, outcome));
        // No message of a group is delivered while one of them is hidden, so these wait for the one that failed.
        for (const behind of turn.slice(index + 1)) comeBack(behind, 0);
        return;
      }
    });
    try {
      await Promise.race([work, aborted(time.patience)]);
      const left = copiesLeftOut(Records).filter(({ messageId }) => !over.has(messageId));
      for (const record of left) comeBack(record, CUT_OFF_DELAY_SECONDS);
      await Promise.race([Promise.all(returning), aborted(time.answer)]);
      return { batchItemFailures: left.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    } finally {
      time.end();
    }
  };
}

/** A queue without order may deliver a message twice, also in one batch. The answer names messages, not deliveries. */
function copiesLeftOut(records: readonly SQSRecord[]): SQSRecord[] {
  return [...new Map(records.map((record) => [record.messageId, record])).values()];
}

/** What is done one after the other: each group of an ordered queue, and each message of any other. */
function turnsOf(messages: readonly SQSRecord[], isFifo: boolean): SQSRecord[][] {
  if (isFifo) return [...Map.groupBy(messages, ({ attributes }) => attributes.MessageGroupId).values()];
  return messages.toSorted((a, b) => receiveCount(b) - receiveCount(a)).map((record) => [record]);
}
