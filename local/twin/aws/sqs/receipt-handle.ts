import { sqsError } from './sqs-error.ts';

/** What a receipt handle says: which message, and which of its receives. */
export interface Receipt {
  readonly queueName: string;
  readonly messageId: string;
  readonly receive: number;
}

const PLAIN = /^spillway ([\w.-]+) ([\w-]+) (\d+)$/;

export function receiptHandle({ queueName, messageId, receive }: Receipt): string {
  return Buffer.from(`spillway ${queueName} ${messageId} ${receive}`).toString('base64');
}

/** @throws AwsError ReceiptHandleIsInvalid where it is no handle of that queue. */
export function parseReceiptHandle(handle: string, queueName: string): Receipt {
  const [, queue, messageId, receive] = PLAIN.exec(Buffer.from(handle, 'base64').toString()) ?? [];
  if (queue === queueName && messageId !== undefined) return { queueName, messageId, receive: Number(receive) };
  throw sqsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
}
