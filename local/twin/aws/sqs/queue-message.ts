import type { HeapItem } from './indexed-heap.ts';
import type { MessageAttributes } from './message-attributes.ts';

/** What a sender gives, checked. */
export interface MessageContent {
  readonly id: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: MessageAttributes | undefined;
  readonly md5OfAttributes: string | undefined;
  /** `AWSTraceHeader`, the one system attribute that may be sent. */
  readonly traceHeader: string | undefined;
  readonly senderId: string;
  readonly sentMs: number;
  /** Group of a FIFO queue, tenant of a fair one. */
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  /** FIFO only: 20 digits that grow. */
  readonly sequenceNumber: string | undefined;
  /** Queue that it was moved here from, after it was received too often there. */
  readonly deadLetterSourceArn: string | undefined;
}

/** A message in a queue. It is in exactly one heap: while visible in its group's, else in the one of sleeping messages. */
export interface QueueMessage extends MessageContent, HeapItem {
  /** Place in the queue: grows with each message that is put in. */
  readonly order: number;
  state: 'delayed' | 'visible' | 'in-flight';
  /** When it becomes visible, while it is not. */
  dueMs: number;
  /** Over all queues that it was in; what ApproximateReceiveCount says. */
  receiveCount: number;
  /** In this queue; what maxReceiveCount bounds. */
  receivesHere: number;
  firstReceivedMs: number | undefined;
  /** When it was last received: visibility ends 12 hours later at the latest. */
  receivedMs: number;
}
