import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { Twin } from '../twin/twin.ts';
import type { DeadLetter, DeadLetterBooks, FailedRecord } from './dead-letter-ledger.ts';
import type { StageParts, WorkQueueName } from './stage-parts.ts';
import type { VideoBooks } from './video-ledger.ts';

interface Message {
  readonly Body: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue?: string }>>;
}

type DeadLetterState = Pick<DeadLetterBooks, 'letters' | 'failedRecords' | 'unnamedObjects' | 'leftIn'> &
  Pick<VideoBooks, 'filesOf' | 'setAsideWork'>;

/** What queues and buckets hold. Messages that were read are out of sight after that. */
export async function readDeadLetters(twin: Twin, parts: StageParts): Promise<DeadLetterState> {
  const s3 = new S3Client({
    endpoint: twin.awsEndpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'owner', secretAccessKey: 'owner' },
    forcePathStyle: true,
  });
  const letters: DeadLetter[] = [];
  for (const [queue, { deadLetterUrl }] of Object.entries(parts.work)) {
    for (const message of await receiveAll(twin, deadLetterUrl))
      letters.push(letterOf(queue as WorkQueueName, message));
  }
  const { bucket, noticesUrl } = parts.failedRecords;
  const notices = (await receiveAll(twin, noticesUrl)).map(({ Body }) => Body);
  const keys = await keysOf(s3, bucket, '');
  const failedRecords: FailedRecord[] = [];
  for (const key of keys) failedRecords.push(...(await failedRecordsOf(s3, bucket, key, parts)));
  const filesOf = new Map<string, number>();
  for (const key of await keysOf(s3, parts.media, 'videos/')) {
    const videoId = key.split('/')[1] ?? '';
    filesOf.set(videoId, (filesOf.get(videoId) ?? 0) + 1);
  }
  s3.destroy();
  const known = [noticesUrl, ...Object.values(parts.work).map(({ deadLetterUrl }) => deadLetterUrl)];
  return {
    letters,
    failedRecords,
    unnamedObjects: keys.filter(
      (key) => !notices.some((notice) => notice.includes(encodeURIComponent(key)) || notice.includes(key)),
    ),
    leftIn: await depthsBut(twin, known),
    filesOf,
    setAsideWork: new Set(letters.flatMap(({ workId }) => workId ?? [])),
  };
}

function letterOf(queue: WorkQueueName, { Body, MessageAttributes = {} }: Message): DeadLetter {
  const attributes = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue ?? '']);
  return { queue, body: Body, attributes: Object.fromEntries(attributes), workId: workIdOf(Body) };
}

function workIdOf(body: string): string | undefined {
  try {
    const { id } = JSON.parse(body);
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

async function receiveAll(twin: Twin, QueueUrl: string): Promise<Message[]> {
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = await twin.callAws('sqs', 'ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      VisibilityTimeout: 43_200,
      WaitTimeSeconds: 0,
    });
    const received = Messages as readonly Message[];
    if (received.length === 0) return all;
    all.push(...received);
  }
}

async function keysOf(s3: S3Client, Bucket: string, Prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix })) {
    keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
  }
  return keys;
}

interface FailedEvent {
  readonly Records: readonly {
    readonly kinesis?: { readonly sequenceNumber: string };
    readonly dynamodb?: { readonly SequenceNumber: string };
  }[];
}

async function failedRecordsOf(
  s3: S3Client,
  Bucket: string,
  Key: string,
  { workers }: StageParts,
): Promise<FailedRecord[]> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const object = JSON.parse((await Body?.transformToString()) ?? '');
  const functionArn: string = object.requestContext.functionArn;
  const consumer = Object.entries(workers).find(([, name]) => functionArn.includes(`:${name}`))?.[0] ?? functionArn;
  const event: FailedEvent = JSON.parse(object.payload);
  return event.Records.map(({ kinesis, dynamodb }) => ({
    consumer,
    sequenceNumber: kinesis?.sequenceNumber ?? dynamodb?.SequenceNumber ?? '',
  }));
}

async function depthsBut(twin: Twin, known: readonly string[]): Promise<Map<string, number>> {
  const depths = new Map<string, number>();
  for (const { type, physicalId, path } of twin.resources) {
    if (type !== 'AWS::SQS::Queue' || known.includes(physicalId)) continue;
    const { Attributes } = await twin.callAws('sqs', 'GetQueueAttributes', {
      QueueUrl: physicalId,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    });
    const counts = Object.values(Attributes as Readonly<Record<string, string>>).map(Number);
    depths.set(
      path,
      counts.reduce((sum, count) => sum + count, 0),
    );
  }
  return depths;
}
