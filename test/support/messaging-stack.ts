import { Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { QueueWorker, type QueueWorkerProps } from '../../lib/messaging/queue-worker.ts';
import { WorkQueue, type WorkQueueProps } from '../../lib/messaging/work-queue.ts';
import { FIXTURE_HANDLERS, flaggedStack } from './flagged-app.ts';

/** A queue of videos in a stack of its own. */
export function createWorkQueue(props: Partial<WorkQueueProps> = {}, stack: Stack = flaggedStack()) {
  const queue = new WorkQueue(stack, 'Videos', {
    name: 'video',
    workerTimeout: Duration.seconds(60),
    maxAge: Duration.minutes(5),
    ...props,
  });
  return { stack, queue, template: () => Template.fromStack(stack) };
}

/** The same with its worker. */
export function createQueueWorker(props: Partial<QueueWorkerProps> = {}, queueProps: Partial<WorkQueueProps> = {}) {
  const made = createWorkQueue(queueProps);
  const worker = new QueueWorker(made.stack, 'VideoWorker', {
    handler: 'workers/echo',
    handlersDirectory: FIXTURE_HANDLERS,
    description: 'Works on videos',
    queue: made.queue,
    timeout: Duration.seconds(60),
    expectedItemTime: Duration.seconds(2),
    ...props,
  });
  return { ...made, worker };
}
