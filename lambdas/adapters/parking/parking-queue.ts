import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** Everything that waits: what can be received, what is being worked on or was given back, and what is not yet due. */
const COUNTS: QueueAttributeName[] = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

export interface ParkingQueue {
  /** Rejects once the SDK's attempts are used up; the message may have arrived all the same, or twice. */
  send(body: string, delaySeconds: number): Promise<void>;
  /** Makes a message that was received visible again, after whole seconds. */
  giveBack(receiptHandle: string, delaySeconds: number): Promise<void>;
  /** Messages in the queue, as SQS estimates it. */
  count(): Promise<number>;
}

export function createParkingQueue(client: SQSClient, queueUrl: string): ParkingQueue {
  return {
    async send(body, delaySeconds) {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, DelaySeconds: delaySeconds }));
    },
    async giveBack(receiptHandle, delaySeconds) {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: delaySeconds,
        }),
      );
    },
    async count() {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: COUNTS }),
      );
      return COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
    },
  };
}
