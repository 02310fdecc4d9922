import { randomUUID } from 'node:crypto';
import type { SetTimer } from '../set-timer.ts';
import type { QueueMessage } from './queue-message.ts';
import type { QueueEntry, QueueStore } from './queue-store.ts';
import { sqsError } from './sqs-error.ts';

export interface MoveTask {
  readonly handle: string;
  readonly source: QueueEntry;
  /** `undefined`: each message goes back to the queue that it came from. */
  readonly destination: QueueEntry | undefined;
  readonly ratePerSecond: number | undefined;
  readonly startedMs: number;
  readonly toMove: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  failureReason: string | undefined;
}

/** Without a rate AWS chooses one; here it is this many messages each step, which leaves others their turn. */
const STEP_MAX = 500;
const STEP_MS = 100;

/** The running and the recent move tasks, which bring messages of a dead-letter queue back into work. */
export class MoveTasks {
  readonly #store: QueueStore;
  readonly #setTimer: SetTimer;
  /** The newest last. */
  readonly #tasks: MoveTask[] = [];
  readonly #cancels = new Map<MoveTask, () => void>();

  constructor(store: QueueStore, setTimer: SetTimer) {
    this.#store = store;
    this.#setTimer = setTimer;
  }

  /** @throws AwsError UnsupportedOperation where one runs already. */
  start(source: QueueEntry, destination: QueueEntry | undefined, ratePerSecond: number | undefined): MoveTask {
    if (this.of(source).some(({ status }) => status === 'RUNNING')) {
      throw sqsError(
        'UnsupportedOperation',
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    const startedMs = this.#store.nowMs();
    const handle = Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: source.arn })).toString('base64');
    const toMove = source.queue.counts(startedMs).visible;
    const task: MoveTask = {
      handle,
      source,
      destination,
      ratePerSecond,
      startedMs,
      toMove,
      moved: 0,
      status: 'RUNNING',
      failureReason: undefined,
    };
    this.#tasks.push(task);
    this.#next(task);
    return task;
  }

  /** Tasks of one source, the newest first. */
  of(source: QueueEntry): MoveTask[] {
    return this.#tasks.filter((task) => task.source === source).toReversed();
  }

  find(handle: string): MoveTask | undefined {
    return this.#tasks.find((task) => task.handle === handle);
  }

  /** @throws AwsError UnsupportedOperation where it does not run. */
  cancel(task: MoveTask): void {
    if (task.status !== 'RUNNING') throw sqsError('UnsupportedOperation', 'Only active tasks can be cancelled.');
    this.#end(task, 'CANCELLED');
  }

  close(): void {
    for (const cancelTimer of this.#cancels.values()) cancelTimer();
    this.#cancels.clear();
  }

  #next(task: MoveTask): void {
    // A rate of less than one a step makes the steps longer.
    const stepMs = task.ratePerSecond === undefined ? 0 : Math.max(STEP_MS, 1_000 / task.ratePerSecond);
    const isFirst = task.moved === 0 && !this.#cancels.has(task);
    this.#cancels.set(
      task,
      this.#setTimer(isFirst ? 0 : stepMs, () => this.#step(task)),
    );
  }

  #step(task: MoveTask): void {
    const { source, ratePerSecond, startedMs } = task;
    const nowMs = this.#store.nowMs();
    // By elapsed time, so that fractions of a message are not lost from step to step.
    const allowed =
      ratePerSecond === undefined ? task.moved + STEP_MAX : 1 + ((nowMs - startedMs) * ratePerSecond) / 1_000;
    const messages = source.queue.takeAway(Math.max(0, Math.floor(allowed) - task.moved), nowMs);
    const touched = new Set<QueueEntry>();
    for (const message of messages) {
      const target = task.destination ?? this.#store.byArn(message.deadLetterSourceArn ?? '');
      if (!target || !this.#store.has(target.name)) {
        source.queue.restore(message, { ...message, state: 'visible' });
        if (task.status !== 'RUNNING') continue;
        this.#end(task, 'FAILED');
        task.failureReason = target ? 'AWS.SimpleQueueService.NonExistentQueue' : 'CouldNotDetermineMessageSource';
        continue;
      }
      this.#move(message, target, nowMs);
      touched.add(target);
      task.moved += 1;
    }
    for (const { polls } of touched) polls.notify();
    if (task.status !== 'RUNNING') return;
    if (source.queue.counts(nowMs).visible === 0) this.#end(task, 'COMPLETED');
    else this.#next(task);
  }

  /** A message that is moved back is a new one, with a new id and age. */
  #move(message: QueueMessage, { queue }: QueueEntry, nowMs: number): void {
    const sequenceNumber = queue.settings.isFifo ? this.#store.nextSequenceNumber() : undefined;
    const id = this.#store.newMessageId();
    queue.send({ ...message, id, sentMs: nowMs, sequenceNumber, deadLetterSourceArn: undefined }, nowMs);
  }

  #end(task: MoveTask, status: MoveTask['status']): void {
    task.status = status;
    this.#cancels.get(task)?.();
    this.#cancels.delete(task);
  }
}
