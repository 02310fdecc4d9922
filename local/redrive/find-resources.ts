import { type LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, type S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ListQueuesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { stackName } from '../../lambdas/contract/stack-name.ts';
import { OperatorError } from './operator-error.ts';

/** A stage, and where it is looked for. */
export interface Surroundings {
  readonly stage: string;
  /** As in `the twin at http://127.0.0.1:4566`. */
  readonly where: string;
}

/** A queue and its dead letters. */
export interface WorkQueueUrls {
  readonly source: string;
  readonly deadLetters: string;
}

/** CloudFormation cuts logical ids down to this in the names that it generates, where a whole name would be too long. */
const LOGICAL_ID_MIN = 24;
/** `lib/messaging/generated-name.ts`: what it is named for, its place in the tree, and the id of its stack. */
const GENERATED = '[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/**
 * The queue of this work and its dead letters. Its own name says nothing of its stage; that of its dead letters does, which
 * it names in its redrive policy.
 */
export async function findWorkQueue(client: SQSClient, work: string, at: Surroundings): Promise<WorkQueueUrls> {
  const pattern = new RegExp(`^${work}-${GENERATED}(\\.fifo)?$`);
  const stack = stackName(at.stage, 'Data');
  const found: WorkQueueUrls[] = [];
  for (const source of await listQueues(client, `${work}-`)) {
    if (!pattern.test(nameOf(source))) continue;
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: source, AttributeNames: ['RedrivePolicy'] }),
    );
    const policy = JSON.parse(Attributes?.RedrivePolicy ?? '{}') as { readonly deadLetterTargetArn?: string };
    const name = policy.deadLetterTargetArn?.split(':').at(-1) ?? '';
    if (name.startsWith(`${stack}-`)) found.push({ source, deadLetters: source.replace(nameOf(source), name) });
  }
  return only(found, `queue of the work '${work}'`, stack, at, ({ source }) => nameOf(source));
}

/** Queues that may hold messages about batches that this consumer has given up: one of its own, and the one that consumers share. */
export async function findFailedBatchQueues(client: SQSClient, consumer: string, at: Surroundings): Promise<string[]> {
  const own = workerIds(consumer).map((id) => `${id}DeadLetters`);
  const isMeant = nameMatcher(at.stage, [...own, 'FailedRecordsNotices']);
  const urls = await listQueues(client, `Spillway`);
  const found = urls.filter((url) => isMeant(nameOf(url)));
  if (found.length > 0) return found;
  throw new OperatorError(
    `the ${at.where} has no queue of failed records for '${consumer}' in the stage '${at.stage}'; name another --queue, --stage, --endpoint or AWS_REGION`,
  );
}

/** Whether a function is that of a consumer. */
export function isFunctionOf(consumer: string, stage: string): (functionName: string) => boolean {
  return nameMatcher(
    stage,
    workerIds(consumer).map((id) => `${id}Function`),
  );
}

/** The function of a consumer of the event stream. */
export async function findConsumer(client: LambdaClient, consumer: string, at: Surroundings): Promise<string> {
  const isMeant = isFunctionOf(consumer, at.stage);
  const found: string[] = [];
  let marker: string | undefined;
  do {
    const page = await client.send(new ListFunctionsCommand({ Marker: marker }));
    found.push(
      ...(page.Functions ?? []).flatMap(({ FunctionName = '' }) => (isMeant(FunctionName) ? [FunctionName] : [])),
    );
    marker = page.NextMarker || undefined;
  } while (marker !== undefined);
  return only(found, `function of the consumer '${consumer}'`, stackName(at.stage, 'Service'), at, (name) => name);
}

/** The bucket with all events; names of buckets are in lower case. */
export async function findArchive(client: S3Client, at: Surroundings): Promise<string> {
  const stack = stackName(at.stage, 'Data');
  const prefix = `${stack}-EventArchiveBucket`.toLowerCase();
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
  const found = Buckets.flatMap(({ Name = '' }) => (Name.startsWith(prefix) ? [Name] : []));
  return only(found, 'archive of events', stack, at, (name) => name);
}

/** `outbox-relay` is the construct `OutboxRelayWorker`, or `OutboxRelay`. */
function workerIds(consumer: string): string[] {
  const id = consumer
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  return [`${id}Worker`, id];
}

/** By the names that CloudFormation generates: stack, logical id, suffix. */
function nameMatcher(stage: string, logicalIds: readonly string[]): (name: string) => boolean {
  const starts = (['Data', 'Service'] as const).flatMap((stack) =>
    logicalIds.map((id) =>
      `${stackName(stage, stack)}-${id}`.slice(0, stackName(stage, stack).length + 1 + LOGICAL_ID_MIN),
    ),
  );
  return (name) => starts.some((start) => name.startsWith(start));
}

async function listQueues(client: SQSClient, prefix: string): Promise<string[]> {
  const urls: string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListQueuesCommand({ QueueNamePrefix: prefix, MaxResults: 1_000, NextToken: token }),
    );
    urls.push(...(page.QueueUrls ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return urls;
}

function nameOf(queueUrl: string): string {
  return queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
}

function only<T>(found: readonly T[], what: string, stack: string, at: Surroundings, name: (each: T) => string): T {
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  throw new OperatorError(
    found.length === 0
      ? `the ${at.where} has no ${what} of the stage '${at.stage}': the stack ${stack} is not there; name another --stage, --endpoint or AWS_REGION`
      : `the ${at.where} has ${found.length} of the ${what} in the stage '${at.stage}': ${found.map(name).join(' and ')}; remove what is left of an old deployment`,
  );
}
