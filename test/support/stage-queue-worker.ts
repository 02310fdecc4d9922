import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { createWorkQueueClient } from '../../lambdas/adapters/messaging/work-queue-client.ts';
import { Env } from '../../lambdas/contract/environment.ts';
import type { WorkItem } from '../../lambdas/contract/work.ts';
import { WorkerSpecJson } from '../../lambdas/contract/worker-spec.ts';
import { createQueueWorker } from '../../lambdas/middleware/queue-worker.ts';
import { seededRandom } from '../../local/soak/seeded-random.ts';
import type { ResolvedResource } from '../../local/twin/assembly/resolved-resource.ts';
import { createCallAws, createDispatch } from '../../local/twin/aws/dispatcher.ts';
import { startSqs } from '../../local/twin/aws/sqs/sqs-room.ts';
import { startEventSources } from '../../local/twin/functions/event-sources/event-sources.ts';
import type { ManualTimers } from './manual-timers.ts';
import { lambdaContext } from './proxy-event.ts';
import { RecordingLogger } from './recording-logger.ts';
import { resourceAt } from './resource-at.ts';

const Task = v.object({ task: v.string() });

export interface QueueWorkerWorld {
  readonly resources: readonly ResolvedResource[];
  /** Construct of the queue: `VideoWork`; the worker's is `VideoWorker`. */
  readonly queue: 'VideoWork' | 'ActivityWork';
  /** Messages of a batch at a time. */
  readonly concurrency: number;
  /** Rejects for poison. */
  readonly handle: (task: string) => Promise<void>;
  readonly timers: ManualTimers;
  readonly seed: number;
}

/** One attempt at a task. */
export interface Attempt {
  readonly task: string;
  readonly attempt: number;
  readonly endMs: number;
  readonly ok: boolean;
}

interface Letter {
  readonly Body: string;
  readonly ReceiptHandle: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue?: string }>>;
}

/**
 * A queue of a stage with its dead letters, its mapping and its worker, as the template has them and the runtime of all
 * queue workers works; on a clock that tests move. The worker's timeout is the function's.
 */
export async function startQueueWorker(world: QueueWorkerWorld) {
  const { timers, queue: name } = world;
  const nowMs = () => timers.clock.now();
  const queue = resourceAt(world.resources, 'AWS::SQS::Queue', `${name}/Queue`);
  const dead = resourceAt(world.resources, 'AWS::SQS::Queue', `${name}/DeadLetters`);
  const worker = resourceAt(world.resources, 'AWS::Lambda::Function', `${name}er/Worker`);
  const mapping = resourceAt(world.resources, 'AWS::Lambda::EventSourceMapping', `${name}er/Source`);
  const [, , , region = '', accountId = ''] = String(mapping.properties.EventSourceArn).split(':');
  const sqs = startSqs({ region, accountId, nowMs, database: undefined }, timers.setTimer);
  await sqs.provision([queue, dead]);
  const callAws = createCallAws(
    createDispatch({ sqs: sqs.service }, () => {}),
    () => 'http://127.0.0.1',
  );

  const attempts: Attempt[] = [];
  const busy = { now: 0, most: 0 };
  const { Variables } = worker.properties.Environment as { readonly Variables: Readonly<Record<string, string>> };
  const spec = v.parse(WorkerSpecJson, Variables[Env.WORKER]);
  const client = {
    send: (command: { readonly input: object }) =>
      callAws('sqs', command.constructor.name.replace(/Command$/, ''), { ...command.input }),
  } as unknown as SQSClient;
  const run = createQueueWorker({
    schema: Task,
    queue: createWorkQueueClient(client, spec),
    spec,
    concurrency: world.concurrency,
    clock: timers.clock,
    setTimer: timers.setTimer,
    random: seededRandom(world.seed),
    logger: new RecordingLogger(),
    handle: async ({ data: { task }, attempt }) => {
      const end = (ok: boolean) => attempts.push({ task, attempt, endMs: nowMs(), ok });
      await world.handle(task).then(
        () => end(true),
        (error: unknown) => {
          end(false);
          throw error;
        },
      );
    },
  });
  const remainingMs = Number(worker.properties.Timeout) * 1_000;
  const sources = startEventSources([queue, dead, worker, mapping], {
    ...{ region, accountId, nowMs, callAws },
    setTimer: timers.setTimer,
    log: () => {},
    streamOf: () => undefined,
    invoke: async (_name, payload) => {
      busy.now += 1;
      busy.most = Math.max(busy.most, busy.now);
      try {
        return { ok: true, payload: await run(payload as SQSEvent, lambdaContext({ remainingMs })) };
      } finally {
        busy.now -= 1;
      }
    },
  });

  return {
    attempts,
    busy,
    spec,
    mapping,
    /** Puts work into the queue, ten messages at a time. */
    async send(tasks: readonly string[], item: Partial<WorkItem> = {}) {
      for (let at = 0; at < tasks.length; at += 10) {
        const Entries = tasks.slice(at, at + 10).map((task, index) => {
          const body: WorkItem = { id: task, acceptedAtMs: nowMs(), ...item, data: { task } };
          // One of a hundred users, each with a turn of their own.
          const MessageGroupId = `user-${(at + index) % 100}`;
          return { Id: String(index), MessageBody: JSON.stringify(body), MessageGroupId };
        });
        await callAws('sqs', 'SendMessageBatch', { QueueUrl: queue.physicalId, Entries });
      }
    },
    /** Messages in the queue, those in flight included. */
    async waiting() {
      const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
      const question = { QueueUrl: queue.physicalId, AttributeNames: names };
      const { Attributes } = await callAws('sqs', 'GetQueueAttributes', question);
      return names.reduce((sum, each) => sum + Number((Attributes as Record<string, string>)[each]), 0);
    },
    /** Takes out what is among the dead letters. */
    async deadLetters() {
      const letters: { readonly task: string; readonly attributes: Readonly<Record<string, string | undefined>> }[] =
        [];
      for (;;) {
        const question = { QueueUrl: dead.physicalId, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
        const { Messages = [] } = await callAws('sqs', 'ReceiveMessage', question);
        if ((Messages as Letter[]).length === 0) return letters;
        for (const { Body, ReceiptHandle, MessageAttributes = {} } of Messages as Letter[]) {
          const values = Object.entries(MessageAttributes).map(([key, { StringValue }]) => [key, StringValue]);
          letters.push({ task: JSON.parse(Body).data.task, attributes: Object.fromEntries(values) });
          await callAws('sqs', 'DeleteMessage', { QueueUrl: dead.physicalId, ReceiptHandle });
        }
      }
    },
    stop: () => sources.close(),
  };
}
