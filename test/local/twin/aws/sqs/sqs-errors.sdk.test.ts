import * as sdk from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountId, queueArn, type RunningAws, runAws } from '../../../../support/running-aws.ts';

const MIB = 1_048_576;
const entries = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) => ({ Id: `m${index}`, MessageBody: 'x', ...more }));
const attributes = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`a${index}`, { DataType: 'String', StringValue: 'x' }]),
  );
const dlq = (name: string, maxReceiveCount: unknown) =>
  JSON.stringify({ deadLetterTargetArn: queueArn(name), maxReceiveCount });

type Send = (sqs: sdk.SQSClient, plain: string, fifo: string) => Promise<unknown>;
const to =
  (body: object): Send =>
  (sqs, QueueUrl) =>
    sqs.send(new sdk.SendMessageCommand({ QueueUrl, MessageBody: 'x', ...body }));
const toFifo =
  (body: object): Send =>
  (sqs, _, QueueUrl) =>
    sqs.send(new sdk.SendMessageCommand({ QueueUrl, MessageBody: 'x', ...body }));
const batch =
  (Entries: sdk.SendMessageBatchRequestEntry[]): Send =>
  (sqs, QueueUrl) =>
    sqs.send(new sdk.SendMessageBatchCommand({ QueueUrl, Entries }));
const receive =
  (body: object): Send =>
  (sqs, QueueUrl) =>
    sqs.send(new sdk.ReceiveMessageCommand({ QueueUrl, ...body }));
const create =
  (QueueName: string, Attributes: Record<string, string> = {}): Send =>
  (sqs) =>
    sqs.send(new sdk.CreateQueueCommand({ QueueName, Attributes }));

const WRONG_TYPE = 'The request include parameter that is not valid for this queue type.';
const NAME = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length';
const ENTRY_ID =
  'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.';

/** What is refused, the name of the error that the SDK has, and AWS's message. */
const REFUSED: readonly [what: string, send: Send, name: string, message: string][] = [
  [
    'a message without a body',
    to({ MessageBody: '' }),
    'MissingParameter',
    'The request must contain the parameter MessageBody.',
  ],
  [
    'a message of 1 MiB and a byte',
    to({ MessageBody: 'x'.repeat(MIB + 1) }),
    'InvalidParameterValue',
    `One or more parameters are invalid. Reason: Message must be shorter than ${MIB} bytes.`,
  ],
  [
    'eleven attributes',
    to({ MessageAttributes: attributes(11) }),
    'InvalidParameterValue',
    'Number of message attributes [11] exceeds the allowed maximum [10].',
  ],
  [
    'an attribute of an unknown type',
    to({ MessageAttributes: { a: { DataType: 'Date', StringValue: 'x' } } }),
    'InvalidParameterValue',
    "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
  ],
  [
    'an empty attribute',
    to({ MessageAttributes: { a: { DataType: 'String', StringValue: '' } } }),
    'InvalidParameterValue',
    "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
  ],
  [
    'a control character',
    to({ MessageBody: 'a\u0000' }),
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
  ],
  [
    'a delay of more than 15 minutes',
    to({ DelaySeconds: 901 }),
    'InvalidParameterValue',
    'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
  ],
  [
    'a deduplication id at a standard queue',
    to({ MessageDeduplicationId: 'd' }),
    'InvalidParameterValue',
    `Value d for parameter MessageDeduplicationId is invalid. Reason: ${WRONG_TYPE}`,
  ],
  [
    'a FIFO message without a group',
    toFifo({ MessageDeduplicationId: 'd' }),
    'MissingParameter',
    'The request must contain the parameter MessageGroupId.',
  ],
  [
    'a FIFO message without a deduplication id',
    toFifo({ MessageGroupId: 'g' }),
    'InvalidParameterValue',
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  ],
  [
    'a FIFO message with a delay',
    toFifo({ MessageGroupId: 'g', DelaySeconds: 2 }),
    'InvalidParameterValue',
    `Value 2 for parameter DelaySeconds is invalid. Reason: ${WRONG_TYPE}`,
  ],
  [
    'eleven messages at once',
    batch(entries(11)),
    'TooManyEntriesInBatchRequest',
    'Maximum number of entries per request are 10. You have sent 11.',
  ],
  [
    'no message at once',
    batch([]),
    'EmptyBatchRequest',
    'There should be at least one SendMessageBatchRequestEntry in the request.',
  ],
  ['two entries with one id', batch(entries(2, { Id: 'same' })), 'BatchEntryIdsNotDistinct', 'Id same repeated.'],
  ['an entry id with a colon', batch([{ Id: 'a:b', MessageBody: 'x' }]), 'InvalidBatchEntryId', ENTRY_ID],
  [
    'a batch of 1 MiB and a byte',
    batch([
      { Id: 'a', MessageBody: 'x'.repeat(MIB) },
      { Id: 'b', MessageBody: 'x' },
    ]),
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${MIB} bytes. You have sent ${MIB + 1} bytes.`,
  ],
  [
    'to receive eleven',
    receive({ MaxNumberOfMessages: 11 }),
    'InvalidParameterValue',
    'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
  ],
  [
    'to wait for 21 seconds',
    receive({ WaitTimeSeconds: 21 }),
    'InvalidParameterValue',
    'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
  ],
  [
    'to hide for more than 12 hours',
    receive({ VisibilityTimeout: 43_201 }),
    'InvalidParameterValue',
    'Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided.',
  ],
  [
    'an unknown system attribute',
    receive({ MessageSystemAttributeNames: ['Colour'] }),
    'InvalidAttributeName',
    'Unknown Attribute Colour.',
  ],
  [
    'a receipt handle of nobody',
    (sqs, QueueUrl) => sqs.send(new sdk.DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'x' })),
    'ReceiptHandleIsInvalid',
    'The input receipt handle "x" is not a valid receipt handle.',
  ],
  [
    'a queue that is not there',
    (sqs) => sqs.send(new sdk.SendMessageCommand({ QueueUrl: `http://any/${accountId}/nothing`, MessageBody: 'x' })),
    'QueueDoesNotExist',
    'The specified queue does not exist.',
  ],
  [
    'a queue of another account',
    (sqs) => sqs.send(new sdk.PurgeQueueCommand({ QueueUrl: 'http://any/111111111111/plain' })),
    'QueueDoesNotExist',
    'The specified queue does not exist.',
  ],
  ['a queue name with a dot', create('a.b'), 'InvalidParameterValue', NAME],
  ['a queue name of 81 characters', create('x'.repeat(81)), 'InvalidParameterValue', NAME],
  ['an unknown queue attribute', create('q', { Colour: 'red' }), 'InvalidAttributeName', 'Unknown Attribute Colour.'],
  [
    'a visibility timeout below zero',
    create('q', { VisibilityTimeout: '-1' }),
    'InvalidAttributeValue',
    'Invalid value for the parameter VisibilityTimeout.',
  ],
  [
    'a message size of less than 1 KiB',
    create('q', { MaximumMessageSize: '1023' }),
    'InvalidAttributeValue',
    'Invalid value for the parameter MaximumMessageSize.',
  ],
  [
    'the name of a queue with other attributes',
    create('plain', { DelaySeconds: '5' }),
    'QueueNameExists',
    'A queue already exists with the same name and a different value for attribute DelaySeconds',
  ],
  [
    'a dead-letter queue that is not there',
    create('q', { RedrivePolicy: dlq('nothing', 1) }),
    'InvalidParameterValue',
    `Value ${dlq('nothing', 1)} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
  ],
  [
    'a dead-letter queue after 0 receives',
    create('q', { RedrivePolicy: dlq('plain', 0) }),
    'InvalidParameterValue',
    `Value ${dlq('plain', 0)} for parameter RedrivePolicy is invalid. Reason: Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive.`,
  ],
  [
    'a FIFO dead-letter queue of a standard queue',
    create('q', { RedrivePolicy: dlq('fifo.fifo', 1) }),
    'InvalidParameterValue',
    `Value ${dlq('fifo.fifo', 1)} for parameter RedrivePolicy is invalid. Reason: Dead-letter queue must be same type of queue as the source.`,
  ],
  [
    'a dead-letter queue that allows nobody',
    create('q', { RedrivePolicy: dlq('closed', 1) }),
    'InvalidParameterValue',
    `Value ${dlq('closed', 1)} for parameter RedrivePolicy is invalid. Reason: The RedriveAllowPolicy of ${queueArn('closed')} does not allow ${queueArn('q')} to use it as a dead-letter queue.`,
  ],
  [
    'to move out of a queue that is no dead-letter queue',
    (sqs) => sqs.send(new sdk.StartMessageMoveTaskCommand({ SourceArn: queueArn('plain') })),
    'InvalidParameterValue',
    'Source queue must be configured as a Dead Letter Queue.',
  ],
  [
    'to move out of nothing',
    (sqs) => sqs.send(new sdk.StartMessageMoveTaskCommand({ SourceArn: queueArn('nothing') })),
    'ResourceNotFoundException',
    "The resource that you specified for the SourceArn parameter doesn't exist.",
  ],
  [
    'to cancel no task',
    (sqs) => sqs.send(new sdk.CancelMessageMoveTaskCommand({ TaskHandle: 'x' })),
    'ResourceNotFoundException',
    'Task does not exist.',
  ],
  [
    'to remove a permission that nobody gave',
    (sqs, QueueUrl) => sqs.send(new sdk.RemovePermissionCommand({ QueueUrl, Label: 'x' })),
    'InvalidParameterValue',
    "Value x for parameter Label is invalid. Reason: can't find label.",
  ],
];

describe('what SQS refuses', () => {
  let running: RunningAws;
  let sqs: sdk.SQSClient;
  const urls = { plain: '', fifo: '' };
  beforeAll(async () => {
    running = await runAws();
    sqs = new sdk.SQSClient(running.clientOptions());
    const make = async (QueueName: string, Attributes: Record<string, string>) =>
      (await sqs.send(new sdk.CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
    urls.plain = await make('plain', {});
    urls.fifo = await make('fifo.fifo', { FifoQueue: 'true' });
    await make('closed', { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
  });
  afterAll(async () => {
    sqs.destroy();
    await running.aws.close();
  });

  it.each(REFUSED)('fails on %s', async (_what, send, name, message) => {
    await expect(send(sqs, urls.plain, urls.fifo)).rejects.toMatchObject({ name, message });
  });

  it('accepts just as much as is allowed', async () => {
    const one = { QueueUrl: urls.plain, MessageBody: 'x'.repeat(MIB) };
    expect((await sqs.send(new sdk.SendMessageCommand(one))).MessageId).toBeDefined();
    const { Successful } = await sqs.send(
      new sdk.SendMessageBatchCommand({ QueueUrl: urls.plain, Entries: entries(10) }),
    );
    expect(Successful).toHaveLength(10);
    const most = { QueueUrl: urls.plain, MessageBody: 'x', MessageAttributes: attributes(10), DelaySeconds: 900 };
    expect((await sqs.send(new sdk.SendMessageCommand(most))).MessageId).toBeDefined();
  });

  it('fails on a second purge within a minute', async () => {
    const QueueUrl = urls.plain;
    await sqs.send(new sdk.PurgeQueueCommand({ QueueUrl }));
    await expect(sqs.send(new sdk.PurgeQueueCommand({ QueueUrl }))).rejects.toMatchObject({
      name: 'PurgeQueueInProgress',
      message: 'Only one PurgeQueue operation on plain is allowed every 60 seconds.',
    });
  });
});
