import type { QueueMessage } from './queue-message.ts';

/** Where a queue writes through what has changed, so that it outlives the process. */
export interface QueueJournal {
  /** A message that was put in. */
  add(message: QueueMessage): void;
  /** A message that was received, became visible, or changed its visibility. */
  update(message: QueueMessage): void;
  remove(message: QueueMessage): void;
  clear(): void;
}

export const NO_JOURNAL: QueueJournal = { add: () => {}, update: () => {}, remove: () => {}, clear: () => {} };
