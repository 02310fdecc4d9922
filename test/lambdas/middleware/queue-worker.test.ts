import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { WorkerSpec } from '../../../lambdas/contract/worker-spec.ts';
import { createQueueWorker, type Job, type QueueWorkerOptions } from '../../../lambdas/middleware/queue-worker.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { MemoryWorkQueue } from '../../support/memory-work-queue.ts';
import { lambdaContext } from '../../support/proxy-event.ts';
import { RecordingLogger } from '../../support/recording-logger.ts';
import { failuresOf, type MessageOptions, sqsEvent, sqsRecord } from '../../support/worker-events.ts';

const Task = v.object({ task: v.string() });
type Task = v.InferOutput<typeof Task>;

const spec: WorkerSpec = {
  name: 'video',
  queueUrl: 'https://sqs/work',
  deadLetterUrl: 'https://sqs/dead',
  attempts: 5,
  retryBaseSeconds: 10,
  retryCapSeconds: 600,
  isFifo: false,
};

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

function setUp(options: Partial<QueueWorkerOptions<Task>> = {}, specPart: Partial<WorkerSpec> = {}) {
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
    ...options,
  });
  const message = (task: string, parts: Partial<MessageOptions> & { deadlineMs?: number } = {}) => {
    const { deadlineMs, ...rest } = parts;
    const body = {
      id: `id of ${task}`,
      acceptedAtMs,
      traceparent: TRACEPARENT,
      data: { task },
      ...(deadlineMs !== undefined && { deadlineMs }),
    };
    return sqsRecord({ messageId: task, body, ...rest });
  };
  const run = (...records: ReturnType<typeof sqsRecord>[]) => failuresOf(worker(sqsEvent(...records), lambdaContext()));
  return { timers, queue, logger, done, message, run, acceptedAtMs };
}

const failing = (error: unknown) => () => Promise.reject(error);
const text = (stringValue: string) => ({ dataType: 'String', stringValue });

describe('createQueueWorker', () => {
  it('does the work of each message with what there is to know about it, and acknowledges it', async () => {
    const jobs: Job<Task>[] = [];
    const { run, message, acceptedAtMs, queue } = setUp({
      handle: async (job) => {
        jobs.push(job);
      },
    });
    const deadlineMs = acceptedAtMs + 1;
    expect(await run(message('a', { receives: 2, deadlineMs }), message('b'))).toEqual([]);
    const common = { acceptedAtMs, traceparent: TRACEPARENT };
    expect(jobs).toEqual([
      { ...common, id: 'id of a', data: { task: 'a' }, attempt: 2, deadlineMs, messageId: 'a' },
      { ...common, id: 'id of b', data: { task: 'b' }, attempt: 1, deadlineMs: undefined, messageId: 'b' },
    ]);
    expect(queue).toMatchObject({ returned: [], deadLetters: [] });
  });

  it('names what fails alone, and makes it visible after a delay that grows with its attempts', async () => {
    const { run, message, queue, done } = setUp({
      handle: async ({ data }) => {
        if (data.task !== 'b') throw new Error('no luck');
        done.push(data.task);
      },
    });
    const records = [message('a'), message('b'), message('c', { receives: 3 })];
    expect((await run(...records)).toSorted()).toEqual(['a', 'c']);
    expect(done).toEqual(['b']);
    expect(queue.returned.toSorted()).toEqual([
      ['receipt of a, 1', 5],
      ['receipt of c, 3', 20],
    ]);
  });

  it('sets aside after the last attempt, with the body untouched and what there is to know', async () => {
    const { run, message, queue, timers } = setUp({ handle: failing(new Error('no luck')) });
    const record = message('a', {
      receives: 5,
      messageAttributes: { tenant: { dataType: 'String', stringValue: 'acme' } },
    });
    expect(await run(record)).toEqual([]);
    expect(queue.deadLetters).toEqual([
      {
        body: record.body,
        attributes: {
          error: text('Error: no luck'),
          attempts: { dataType: 'Number', stringValue: '5' },
          traceId: text('4bf92f3577b34da6a3ce929d0e0e4736'),
          setAsideAt: text(new Date(timers.clock.now()).toISOString()),
          sourceMessageId: text('a'),
        },
        ownAttributes: { tenant: text('acme') },
        groupId: undefined,
        deduplicationId: undefined,
      },
    ]);
    expect(queue.returned).toEqual([]);
  });
});
