import type { CallAws } from '../../aws/dispatcher.ts';
import type { Principal } from '../../aws/principal.ts';
import { queueUrlOfArn } from '../../aws/queue-of-arn.ts';
import type { QueueMessage } from './sqs-event.ts';

/** Entries of one DeleteMessageBatch or ChangeMessageVisibilityBatch. */
const ENTRIES_MAX = 10;

/** What a mapping asks of its queue. The function's role polls and deletes; the twin itself does what AWS never shows. */
export class QueueClient {
  readonly #callAws: CallAws;
  readonly #principal: Principal;
  readonly #queueUrl: string;

  constructor(callAws: CallAws, principal: Principal, queueArn: string) {
    this.#callAws = callAws;
    this.#principal = principal;
    this.#queueUrl = queueUrlOfArn(queueArn);
  }

  /**
   * Up to `max` messages, at most 10; waits for the first one up to `waitSeconds`. Comes back empty as soon as `signal` is
   * aborted: what the queue hands out after that is given back to it.
   */
  async receive(max: number, waitSeconds: number, signal: AbortSignal): Promise<readonly QueueMessage[]> {
    const receiving = this.#receive(max, waitSeconds, signal);
    const messages = await untilAborted(receiving, signal);
    if (messages) return messages;
    void receiving.then((late) => this.giveBack(late)).catch(() => {});
    return [];
  }

  async delete(messages: readonly QueueMessage[]): Promise<void> {
    const QueueUrl = this.#queueUrl;
    const batches = entriesOf(messages).map(async (Entries) => {
      await this.#callAws('sqs', 'DeleteMessageBatch', { QueueUrl, Entries }, this.#principal);
    });
    await Promise.all(batches);
  }

  /** Makes messages visible again at once: nobody tried to process them. */
  async giveBack(messages: readonly QueueMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const QueueUrl = this.#queueUrl;
    for (const { ReceiptHandle } of messages) {
      await this.#callAws('sqs', 'ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
    }
  }

  /** Messages in the queue, those in flight included. */
  async countMessages(): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
    const QueueUrl = this.#queueUrl;
    const { Attributes } = await this.#callAws('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: names });
    const counts = Attributes as Readonly<Record<string, string>> | undefined;
    return names.reduce((sum, name) => sum + Number(counts?.[name] ?? 0), 0);
  }

  async #receive(max: number, waitSeconds: number, signal: AbortSignal): Promise<readonly QueueMessage[]> {
    const input = {
      QueueUrl: this.#queueUrl,
      MaxNumberOfMessages: max,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    };
    const { Messages } = await this.#callAws('sqs', 'ReceiveMessage', input, this.#principal, signal);
    return (Messages as readonly QueueMessage[] | undefined) ?? [];
  }
}

function entriesOf(messages: readonly QueueMessage[]): { readonly Id: string; readonly ReceiptHandle: string }[][] {
  const entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const count = Math.ceil(entries.length / ENTRIES_MAX);
  return Array.from({ length: count }, (_, index) => entries.slice(index * ENTRIES_MAX, (index + 1) * ENTRIES_MAX));
}

/** What a promise resolves with, or `undefined` once the signal is aborted. Leaves no listener behind. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve(undefined);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
