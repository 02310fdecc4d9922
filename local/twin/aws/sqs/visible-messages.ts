import type { QueueMessage } from './queue-message.ts';

/** The visible messages of a queue in the order in which they are received, and which groups have messages in flight. */
export interface VisibleMessages {
  readonly size: number;
  /** A message that arrived, or whose delay or visibility timeout ended. */
  add(message: QueueMessage): void;
  /** Takes out a visible message that will not be received. */
  remove(message: QueueMessage): void;
  /** Takes the next message, which is in flight from now on. `previous` is what the same receive took before it. */
  take(previous: QueueMessage | undefined): QueueMessage | undefined;
  /** Notes a message that is in flight already, as after a restart. */
  hold(message: QueueMessage): void;
  /** A message is no longer in flight: deleted, moved, or about to be visible again. */
  release(message: QueueMessage): void;
}
