import {
  ChangeMessageVisibilityCommand,
  type MessageAttributeValue,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** A message attribute as Lambda's event has it: `binaryValue` is base64. */
export interface MessageAttribute {
  readonly dataType: string;
  readonly stringValue?: string | undefined;
  readonly binaryValue?: string | undefined;
}

/** A message on its way to the dead letters. */
export interface SetAsideMessage {
  readonly body: string;
  /** What the worker has to say of it. */
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** What it carried before; left out as far as there is no room for it. */
  readonly ownAttributes: Readonly<Record<string, MessageAttribute>>;
  readonly groupId?: string | undefined;
  /** Of a queue that keeps an order: the same message sent twice within five minutes is there once. */
  readonly deduplicationId?: string | undefined;
}

/** What a worker does to its queue beyond what Lambda does for it. All reject once the SDK's attempts are used up. */
export interface WorkQueueClient {
  /** Makes a message that was received visible again, after whole seconds. */
  changeVisibility(receiptHandle: string, seconds: number, signal: AbortSignal): Promise<void>;
  /** Sends to the dead letters. Where the answer is lost, it may be there all the same. */
  setAside(message: SetAsideMessage, signal: AbortSignal): Promise<void>;
}

/** SQS takes 1 MiB in a message, with the names, types and values of its attributes, and ten of these. */
const MESSAGE_MAX_BYTES = 1_048_576;
const ATTRIBUTES_MAX = 10;

export function createWorkQueueClient(
  client: SQSClient,
  { queueUrl, deadLetterUrl }: { readonly queueUrl: string; readonly deadLetterUrl: string },
): WorkQueueClient {
  return {
    async changeVisibility(receiptHandle, seconds, signal) {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }),
        { abortSignal: signal },
      );
    },
    async setAside({ body, attributes, ownAttributes, groupId, deduplicationId }, signal) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: deadLetterUrl,
          MessageBody: body,
          MessageAttributes: fittingAttributes(body, { ...ownAttributes, ...attributes }, attributes),
          MessageGroupId: groupId,
          MessageDeduplicationId: deduplicationId,
        }),
        { abortSignal: signal },
      );
    },
  };
}

type Attributes = Readonly<Record<string, MessageAttribute>>;

/** The first of these that fits beside the body; a message that fills its queue's limit goes without any. */
function fittingAttributes(body: string, ...choices: Attributes[]): Record<string, MessageAttributeValue> {
  const roomBytes = MESSAGE_MAX_BYTES - Buffer.byteLength(body);
  const fitting = choices.find(
    (each) => Object.keys(each).length <= ATTRIBUTES_MAX && attributeBytes(each) <= roomBytes,
  );
  return Object.fromEntries(Object.entries(fitting ?? {}).map(([name, value]) => [name, toSqs(value)]));
}

function attributeBytes(attributes: Attributes): number {
  return Object.entries(attributes).reduce((sum, [name, { dataType, stringValue = '', binaryValue = '' }]) => {
    return sum + Buffer.byteLength(name + dataType + stringValue) + Buffer.byteLength(binaryValue, 'base64');
  }, 0);
}

function toSqs({ dataType, stringValue, binaryValue }: MessageAttribute): MessageAttributeValue {
  return {
    DataType: dataType,
    ...(stringValue !== undefined && { StringValue: stringValue }),
    ...(binaryValue !== undefined && { BinaryValue: Buffer.from(binaryValue, 'base64') }),
  };
}
