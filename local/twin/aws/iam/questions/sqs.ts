import type { Input } from '../../aws-call.ts';
import type { Names } from '../names.ts';
import { ANY, type Ask, each, member, type ServiceQuestions } from '../question.ts';

/** `http://host/000000000000/name` → the queue's ARN; of a bare name as well, which SQS accepts. */
function queueOfUrl(input: Input, { arn }: Names): string {
  const url = member(input, 'QueueUrl');
  return arn('sqs', url.slice(url.lastIndexOf('/') + 1));
}

const queueOfName = (input: Input, { arn }: Names): string => arn('sqs', member(input, 'QueueName'));

/** Batches ask for the action of the single operation: IAM has none of their own. */
const batchOf =
  (operation: string): Ask =>
  (input, names) => [{ action: `sqs:${operation}`, resource: queueOfUrl(input, names) }];

/** Moving messages takes what a consumer of the one queue and a producer of the other need. */
const startMoveTask: Ask = (input) => {
  const source = member(input, 'SourceArn');
  const destination = member(input, 'DestinationArn');
  const ofSource = ['sqs:StartMessageMoveTask', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  return [
    ...ofSource.map((action) => ({ action, resource: source })),
    ...(destination === '' ? [] : [{ action: 'sqs:SendMessage', resource: destination }]),
  ];
};

/** A handle of a move task is base64 of JSON that names the source. */
function sourceOfHandle(input: Input): string {
  try {
    const { sourceArn } = JSON.parse(Buffer.from(member(input, 'TaskHandle'), 'base64').toString()) as Input;
    return typeof sourceArn === 'string' ? sourceArn : '*';
  } catch {
    return '*';
  }
}

export const SQS_QUESTIONS: ServiceQuestions = {
  ...each('sqs', ['ListQueues'], ANY),
  ...each('sqs', ['CreateQueue', 'GetQueueUrl'], queueOfName),
  ...each('sqs', ['ListMessageMoveTasks'], (input) => member(input, 'SourceArn')),
  ...each('sqs', ['CancelMessageMoveTask'], sourceOfHandle),
  ...each(
    'sqs',
    [
      'AddPermission',
      'ChangeMessageVisibility',
      'DeleteMessage',
      'DeleteQueue',
      'GetQueueAttributes',
      'ListDeadLetterSourceQueues',
      'ListQueueTags',
      'PurgeQueue',
      'ReceiveMessage',
      'RemovePermission',
      'SendMessage',
      'SetQueueAttributes',
      'TagQueue',
      'UntagQueue',
    ],
    queueOfUrl,
  ),
  ChangeMessageVisibilityBatch: batchOf('ChangeMessageVisibility'),
  DeleteMessageBatch: batchOf('DeleteMessage'),
  SendMessageBatch: batchOf('SendMessage'),
  StartMessageMoveTask: startMoveTask,
};
