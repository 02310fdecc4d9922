import type { AwsService } from '../aws-call.ts';
import { optionalText } from '../lenient-members.ts';
import type { MoveTask } from './move-tasks.ts';
import type { QueueEntry, QueueStore } from './queue-store.ts';
import { invalidParameter, invalidValue, sqsError } from './sqs-error.ts';
import { optionalNumber, requiredText } from './sqs-input.ts';

const RATE = { min: 1, max: 500, reason: 'Must be an integer between 1 and 500, if provided.' };
const MAX_RESULTS = { min: 1, max: 10, reason: 'Must be an integer between 1 and 10, if provided.' };

/** Message move tasks: redrive out of a dead-letter queue. */
export function moveOperations(store: QueueStore): AwsService {
  const queueByArn = (arn: string, parameter: string): QueueEntry => {
    const entry = store.byArn(arn);
    if (entry) return entry;
    const message = `The resource that you specified for the ${parameter} parameter doesn't exist.`;
    throw sqsError('ResourceNotFoundException', message);
  };
  return {
    StartMessageMoveTask: (input) => {
      const source = queueByArn(requiredText(input, 'SourceArn'), 'SourceArn');
      const destinationArn = optionalText(input, 'DestinationArn');
      const rate = optionalNumber(input, 'MaxNumberOfMessagesPerSecond', RATE);
      if (store.sourcesOf(source).length === 0) {
        throw invalidValue('Source queue must be configured as a Dead Letter Queue.');
      }
      const destination = destinationArn === undefined ? undefined : queueByArn(destinationArn, 'DestinationArn');
      if (destination === source) {
        throw invalidValue('Source queue arn and destination queue arn must be different.');
      }
      if (destination && destination.queue.settings.isFifo !== source.queue.settings.isFifo) {
        throw invalidParameter(
          destinationArn,
          'DestinationArn',
          'Destination must be the same type of queue as the source.',
        );
      }
      return { TaskHandle: store.moveTasks.start(source, destination, rate).handle };
    },
    ListMessageMoveTasks: (input) => {
      const source = queueByArn(requiredText(input, 'SourceArn'), 'SourceArn');
      const max = optionalNumber(input, 'MaxResults', MAX_RESULTS) ?? 1;
      return { Results: store.moveTasks.of(source).slice(0, max).map(describe) };
    },
    CancelMessageMoveTask: (input) => {
      const task = store.moveTasks.find(requiredText(input, 'TaskHandle'));
      if (!task) throw sqsError('ResourceNotFoundException', 'Task does not exist.');
      store.moveTasks.cancel(task);
      return { ApproximateNumberOfMessagesMoved: task.moved };
    },
  };
}

function describe(task: MoveTask): Record<string, unknown> {
  return {
    // Only a task that runs can be cancelled, so only it has a handle.
    ...(task.status === 'RUNNING' && { TaskHandle: task.handle }),
    Status: task.status,
    SourceArn: task.source.arn,
    DestinationArn: task.destination?.arn,
    MaxNumberOfMessagesPerSecond: task.ratePerSecond,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    FailureReason: task.failureReason,
    StartedTimestamp: task.startedMs,
  };
}
