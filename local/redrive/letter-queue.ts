import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type DeadLetter, readDeadLetter } from './dead-letter.ts';

/** A dead-letter queue, in the hands of one who looks at it. */
export interface LetterQueue {
  /** Takes at most `max` (10 at the most) out of sight for so long. None may come although there are some. */
  receive(max: number, hiddenSeconds: number): Promise<DeadLetter[]>;
  /** Keeps those out of sight that long from now; 0 puts them back. Rejects where some are in other hands by now, or gone. */
  hide(letters: readonly DeadLetter[], seconds: number): Promise<void>;
  delete(letter: DeadLetter): Promise<void>;
  /** How many there are, as SQS estimates it, those out of sight included. */
  depth(): Promise<number>;
}

/** SQS looks into all of its servers only for those who wait. */
const WAIT_SECONDS = 1;
/** What one call takes. */
const BATCH_MAX = 10;

export function createLetterQueue(client: SQSClient, queueUrl: string, nowMs: () => number): LetterQueue {
  return {
    async receive(max, hiddenSeconds) {
      const hiddenUntilMs = nowMs() + hiddenSeconds * 1_000;
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: Math.min(max, BATCH_MAX),
          VisibilityTimeout: hiddenSeconds,
          WaitTimeSeconds: WAIT_SECONDS,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      return Messages.map((message) => readDeadLetter(message, hiddenUntilMs));
    },
    async hide(letters, seconds) {
      const failed: string[] = [];
      for (let start = 0; start < letters.length; start += BATCH_MAX) {
        const { Failed = [] } = await client.send(
          new ChangeMessageVisibilityBatchCommand({
            QueueUrl: queueUrl,
            Entries: letters.slice(start, start + BATCH_MAX).map(({ receiptHandle }, index) => ({
              Id: String(index),
              ReceiptHandle: receiptHandle,
              VisibilityTimeout: seconds,
            })),
          }),
        );
        failed.push(...Failed.map(({ Code, Message = '' }) => `${Code}: ${Message}`));
      }
      if (failed.length === 0) return;
      throw new Error(`${failed.length} of ${letters.length} letters are in other hands by now, or gone: ${failed[0]}`);
    },
    async delete({ receiptHandle }) {
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }));
    },
    async depth() {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl: queueUrl,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      return (
        Number(Attributes.ApproximateNumberOfMessages ?? 0) +
        Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0)
      );
    },
  };
}
