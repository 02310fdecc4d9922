import type { AwsService, Input } from '../aws-call.ts';
import { optionalText, textMap } from '../lenient-members.ts';
import { ATTRIBUTE_NAMES } from './queue-attributes.ts';
import type { QueueEntry, QueueStore } from './queue-store.ts';
import { missingParameter, sqsError } from './sqs-error.ts';
import { optionalNumber, requiredText, textList } from './sqs-input.ts';

const MAX_RESULTS = { min: 1, max: 1_000, reason: 'MaxResults must be an integer between 1 and 1000.' };

/** What is done to queues as a whole. */
export function queueOperations(store: QueueStore): AwsService {
  const urlOf = (endpointUrl: string, name: string): string => `${endpointUrl}/${store.accountId}/${name}`;
  const queueOf = (input: Input): QueueEntry => store.byUrl(requiredText(input, 'QueueUrl'));
  return {
    CreateQueue: (input, { endpointUrl }) => {
      const tags = textMap(input, 'tags');
      const { name } = store.create(requiredText(input, 'QueueName'), textMap(input, 'Attributes'), tags);
      return { QueueUrl: urlOf(endpointUrl, name) };
    },
    DeleteQueue: (input) => store.delete(queueOf(input)),
    GetQueueUrl: (input, { endpointUrl }) => {
      const owner = optionalText(input, 'QueueOwnerAWSAccountId') ?? store.accountId;
      const name = requiredText(input, 'QueueName');
      const entry = store.get(owner === store.accountId ? name : '');
      return { QueueUrl: urlOf(endpointUrl, entry.name) };
    },
    GetQueueAttributes: (input) => {
      const entry = queueOf(input);
      const names = textList(input, 'AttributeNames');
      const unknown = names.find((name) => !ATTRIBUTE_NAMES.has(name));
      if (unknown !== undefined) throw sqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
      const all = describe(entry, store.nowMs());
      const asked = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name));
      return asked.length === 0 ? {} : { Attributes: Object.fromEntries(asked) };
    },
    SetQueueAttributes: (input) => {
      const entry = queueOf(input);
      if (input.Attributes === undefined) throw missingParameter('Attribute.Name');
      store.setAttributes(entry, textMap(input, 'Attributes'));
    },
    ListQueues: (input, { endpointUrl }) => {
      const prefix = optionalText(input, 'QueueNamePrefix') ?? '';
      const found = store.entries().filter(({ name }) => name.startsWith(prefix));
      const { page, NextToken } = paginate(found, input);
      return { ...(page.length > 0 && { QueueUrls: page.map(({ name }) => urlOf(endpointUrl, name)) }), NextToken };
    },
    ListDeadLetterSourceQueues: (input, { endpointUrl }) => {
      const { page, NextToken } = paginate(store.sourcesOf(queueOf(input)), input);
      return { queueUrls: page.map(({ name }) => urlOf(endpointUrl, name)), NextToken };
    },
    PurgeQueue: (input) => store.purge(queueOf(input)),
    TagQueue: (input) => {
      const entry = queueOf(input);
      store.setTags(entry, { ...entry.tags, ...textMap(input, 'Tags') });
    },
    UntagQueue: (input) => {
      const entry = queueOf(input);
      const removed = textList(input, 'TagKeys');
      store.setTags(entry, Object.fromEntries(Object.entries(entry.tags).filter(([key]) => !removed.includes(key))));
    },
    ListQueueTags: (input) => {
      const { tags } = queueOf(input);
      return Object.keys(tags).length === 0 ? {} : { Tags: tags };
    },
  };
}

function describe(
  { arn, attributes, queue, createdMs, modifiedMs }: QueueEntry,
  nowMs: number,
): Record<string, string> {
  const { visible, delayed, inFlight } = queue.counts(nowMs);
  return {
    ...attributes,
    QueueArn: arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    CreatedTimestamp: String(Math.floor(createdMs / 1_000)),
    LastModifiedTimestamp: String(Math.floor(modifiedMs / 1_000)),
  };
}

/** Pages are only made for who asks for them by MaxResults; the token is the name that the next page starts with. */
function paginate(
  entries: readonly QueueEntry[],
  input: Input,
): { readonly page: readonly QueueEntry[]; readonly NextToken: string | undefined } {
  const max = optionalNumber(input, 'MaxResults', MAX_RESULTS);
  const token = optionalText(input, 'NextToken');
  const from = token === undefined ? '' : Buffer.from(token, 'base64').toString();
  const rest = entries.filter(({ name }) => name >= from);
  const next = max === undefined ? undefined : rest[max];
  return {
    page: rest.slice(0, max ?? 1_000),
    NextToken: next && Buffer.from(next.name).toString('base64'),
  };
}
