import type { SetAsideMessage, WorkQueueClient } from '../../lambdas/adapters/messaging/work-queue-client.ts';

/** What workers do to their queue, remembered. */
export class MemoryWorkQueue implements WorkQueueClient {
  /** Seconds by receipt, in the order of the calls. */
  readonly returned: (readonly [receiptHandle: string, seconds: number])[] = [];
  readonly deadLetters: SetAsideMessage[] = [];

  async changeVisibility(receiptHandle: string, seconds: number) {
    this.returned.push([receiptHandle, seconds]);
  }

  async setAside(message: SetAsideMessage) {
    this.deadLetters.push(message);
  }
}
