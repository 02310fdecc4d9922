import * as v from 'valibot';
import type { WorkerSpec } from '../../lambdas/contract/worker-spec.ts';
import { createQueueWorker, type QueueWorkerOptions } from '../../lambdas/middleware/queue-worker.ts';
import { ManualTimers } from './manual-timers.ts';
import { MemoryWorkQueue } from './memory-work-queue.ts';
import { lambdaContext } from './proxy-event.ts';
import { RecordingLogger } from './recording-logger.ts';
import { failuresOf, type MessageOptions, sqsEvent, sqsRecord } from './worker-events.ts';

const Task = v.object({ task: v.string() });
export type Task = v.InferOutput<typeof Task>;

const spec: WorkerSpec = {
  name: 'video',
  queueUrl: 'https://sqs/work',
  deadLetterUrl: 'https://sqs/dead',
  attempts: 5,
  retryBaseSeconds: 10,
  retryCapSeconds: 600,
  isFifo: false,
};

export const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

/** A worker of a queue in memory, on timers that tests move. Without options it notes what it does in `done`. */
export function queueWorkerFixture(
  options: Partial<QueueWorkerOptions<Task>> & { readonly remainingMs?: number } = {},
  specPart: Partial<WorkerSpec> = {},
) {
  const { remainingMs, ...rest } = options;
  const timers = new ManualTimers();
  const queue = new MemoryWorkQueue();
  const logger = new RecordingLogger();
  const done: string[] = [];
  const acceptedAtMs = timers.clock.now();
  const worker = createQueueWorker<Task>({
    schema: Task,
    handle: async ({ data }) => {
      done.push(data.task);
    },
    queue,
    spec: { ...spec, ...specPart },
    concurrency: 4,
    clock: timers.clock,
    random: () => 0.5,
    setTimer: timers.setTimer,
    logger,
    ...rest,
  });
  /** A message with the work of that name, and that id. */
  const message = (task: string, parts: Partial<MessageOptions> & { readonly deadlineMs?: number } = {}) => {
    const { deadlineMs, ...others } = parts;
    const body = {
      id: `id of ${task}`,
      acceptedAtMs,
      traceparent: TRACEPARENT,
      data: { task },
      ...(deadlineMs !== undefined && { deadlineMs }),
    };
    return sqsRecord({ messageId: task, body, ...others });
  };
  const run = (...records: ReturnType<typeof sqsRecord>[]) =>
    failuresOf(worker(sqsEvent(...records), lambdaContext(remainingMs === undefined ? {} : { remainingMs })));
  return { timers, queue, logger, done, message, run, acceptedAtMs };
}
