import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type DeadLetter, Redriven } from './dead-letter.ts';

/** `failed`: it was tried, and has failed again. */
export type Delivery = 'sent' | 'failed';

/** Where dead letters are sent to be done. */
export interface RedriveTarget {
  /** Whether letters of one group go one after the other. */
  readonly isOrdered: boolean;
  /** Letters that are taken at a time. */
  readonly batchMax: number;
  /** The longest that a delivery takes, in seconds: for so long a letter stays out of sight. */
  readonly deliverySeconds: number;
  /** Rejects where nothing is known of it; it may have arrived all the same. */
  deliver(letter: DeadLetter, run: { readonly id: string; readonly at: Date }): Promise<Delivery>;
}

/** Back into the queue that they come from: body and attributes as they are, and the run that sent them. */
export function sourceQueue(client: SQSClient, queueUrl: string): RedriveTarget {
  const isFifo = queueUrl.endsWith('.fifo');
  return {
    isOrdered: isFifo,
    batchMax: 10,
    deliverySeconds: 20,
    async deliver({ body, attributes, groupId, messageId }, { id, at }) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: body,
          MessageAttributes: {
            ...attributes,
            [Redriven.run]: { DataType: 'String', StringValue: id },
            [Redriven.at]: { DataType: 'String', StringValue: at.toISOString() },
          },
          MessageGroupId: groupId,
          // Its own one of less than five minutes ago would have SQS take it for a copy, and drop it. This one is of the dead
          // letter: sent twice, because its deletion failed, it is there once.
          MessageDeduplicationId: isFifo ? `redrive-${messageId}` : undefined,
        }),
      );
      return 'sent';
    },
  };
}
