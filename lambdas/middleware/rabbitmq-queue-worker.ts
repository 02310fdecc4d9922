import type { SQSRecord } from 'aws-lambda';
import type { RabbitWorkQueue, ReceivedMessage } from '../adapters/messaging/rabbitmq-work-queue.ts';
import { createQueueWorker, type QueueWorkerOptions } from './queue-worker.ts';
import type { InvocationContext } from './workers/invocation-time.ts';
import { type RabbitEvent, readRabbitEvent } from './workers/rabbitmq-event.ts';

/** What a RabbitMQ queue's worker works with: the same as any queue's, but for the queue. */
export interface RabbitQueueWorkerOptions<T> extends QueueWorkerOptions<T> {
  readonly queue: RabbitWorkQueue;
}

export type RabbitQueueWorker = (event: RabbitEvent, context: InvocationContext) => Promise<void>;

/**
 * Works off batches of a RabbitMQ queue like `createQueueWorker` those of SQS, with the same handlers. Lambda acknowledges a
 * batch as a whole where the function ends without an error, and has all of it delivered again otherwise. So what failed is
 * sent to a queue of its own, in which it waits for its next attempt, before the batch is acknowledged; and where the broker
 * did not take that, the batch is not. What was done of it comes again then, and some of it twice.
 */
export function createRabbitQueueWorker<T>(options: RabbitQueueWorkerOptions<T>): RabbitQueueWorker {
  const { queue, spec } = options;
  const work = createQueueWorker(options);
  return async (event, context) => {
    const records = readRabbitEvent(event).map((message) => toRecord(message, queue));
    const answered = await work({ Records: records }, context).catch((error: unknown) => {
      for (const { receiptHandle } of records) queue.release(receiptHandle);
      throw error;
    });
    const failed = new Set(answered.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const returned = new Set(
      records.filter(({ receiptHandle }) => queue.release(receiptHandle)).map(({ messageId }) => messageId),
    );
    // By message and not by delivery: of two copies in a batch one goes back.
    const lost = [...failed].filter((messageId) => !returned.has(messageId));
    if (lost.length === 0) return;
    throw new Error(
      `queue '${spec.name}': ${lost.length} of ${records.length} messages are neither done nor waiting for another attempt`,
    );
  };
}

/** The message as SQS would deliver it. */
function toRecord(message: ReceivedMessage, queue: RabbitWorkQueue): SQSRecord {
  const { messageId, body, attempt } = message;
  return {
    messageId,
    receiptHandle: queue.receive(message),
    body,
    attributes: {
      ApproximateReceiveCount: String(attempt),
      SentTimestamp: '',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:rmq',
    eventSourceARN: '',
    awsRegion: '',
  };
}
