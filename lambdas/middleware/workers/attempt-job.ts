import type { SQSRecord } from 'aws-lambda';
import type { QueueWorkerOptions } from '../queue-worker.ts';
import { isFinal } from './describe-error.ts';
import type { InvocationTime } from './invocation-time.ts';
import { type Job, readJob } from './job.ts';
import { receiveCount } from './receive-count.ts';
import { setAsideMessage } from './set-aside-message.ts';

/** How one delivery of a message ended. */
export type JobOutcome =
  /** Nothing is left to do: it was done, it expired, or it is among the dead letters. */
  | { readonly kind: 'over' }
  /** To be tried again, as after any failure. */
  | { readonly kind: 'failed' }
  /** The time was up before it was over. */
  | { readonly kind: 'cut-off' };

/** It was delivered as often as it may be, and no attempt came to an end, whichever. */
class NeverEnded extends Error {
  readonly code = 'never-ended';
}

const OVER: JobOutcome = { kind: 'over' };
const FAILED: JobOutcome = { kind: 'failed' };
const CUT_OFF: JobOutcome = { kind: 'cut-off' };

/** Takes one delivery of a message to its end. Never rejects. */
export async function attemptJob<T>(
  options: QueueWorkerOptions<T>,
  record: SQSRecord,
  time: InvocationTime,
): Promise<JobOutcome> {
  const { schema, handle, onExpired, spec, clock, logger } = options;
  // Most of a batch may have waited for its turn until there was no time left.
  if (time.work.aborted) return CUT_OFF;
  const read = readJob(schema, record);
  if (read.kind === 'unreadable') return setAside(options, record, read.job, read.error, time);
  const { job } = read;
  const isExpired = job.deadlineMs !== undefined && clock.now() >= job.deadlineMs;
  try {
    if (isExpired) {
      await onExpired?.(job);
      logger.warn('work has expired', { ...namesOf(options, record, job), deadlineMs: job.deadlineMs });
      return OVER;
    }
    // Whoever dies of a message says nothing of it, so it is counted. It is not begun once more: it may kill again.
    if (job.attempt > spec.attempts) {
      throw new NeverEnded(`delivered ${job.attempt} times; each time the worker died or ran out of time`);
    }
    await handle(job, time.work);
    return OVER;
  } catch (error) {
    // Its work was told to end, so whatever it failed with says nothing of it.
    if (time.work.aborted) return CUT_OFF;
    if (isFinal(error) || job.attempt >= spec.attempts) return setAside(options, record, job, error, time);
    logger.warn('work failed and will be tried again', { ...namesOf(options, record, job), error });
    return FAILED;
  }
}

/**
 * The job's record first, then the dead letter. Sent is not undone, and a record that failed is written again with the
 * next delivery; the other way round each such delivery would leave a dead letter more.
 */
async function setAside<T>(
  options: QueueWorkerOptions<T>,
  record: SQSRecord,
  job: Job<unknown> | undefined,
  error: unknown,
  time: InvocationTime,
): Promise<JobOutcome> {
  const { queue, onSetAside, spec, clock, logger } = options;
  const names = namesOf(options, record, job);
  try {
    if (job !== undefined) await onSetAside?.(job, error);
    const facts = { error, traceparent: job?.traceparent, nowMs: clock.now(), isFifo: spec.isFifo };
    await queue.setAside(setAsideMessage(record, facts), time.patience);
  } catch (cause) {
    logger.error('a message could not be set aside and comes back', { ...names, error: cause, failedWith: error });
    return FAILED;
  }
  logger.error('a message was set aside', { ...names, error });
  return OVER;
}

function namesOf<T>({ spec }: QueueWorkerOptions<T>, record: SQSRecord, job: Job<unknown> | undefined) {
  return {
    queue: spec.name,
    messageId: record.messageId,
    jobId: job?.id,
    attempt: job?.attempt ?? receiveCount(record),
    traceparent: job?.traceparent,
  };
}
