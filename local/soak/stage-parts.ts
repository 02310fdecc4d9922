import type { ResolvedResource } from '../twin/assembly/resolved-resource.ts';
import type { Twin } from '../twin/twin.ts';

/** What the soak looks at, and meddles with, by the names that the twin calls it by. */
export interface StageParts {
  readonly tables: Readonly<Record<'Posts' | 'Notifications' | 'Follows' | 'Outbox' | 'Videos' | 'Analytics', string>>;
  /** Name of the stream of events. */
  readonly stream: string;
  /** Queues of work by their names, with those of their dead letters. */
  readonly work: Readonly<Record<WorkQueueName, { readonly url: string; readonly deadLetterUrl: string }>>;
  readonly media: string;
  readonly failedRecords: { readonly bucket: string; readonly noticesUrl: string };
  /** Names of functions. */
  readonly workers: Readonly<Record<WorkerName, string>>;
}

export type WorkQueueName = 'video' | 'activity';

/** Functions that work behind the API. */
const WORKERS = ['OutboxRelay', 'NotificationsWorker', 'AnalyticsWorker', 'VideoWorker', 'ActivityWorker'] as const;
export type WorkerName = (typeof WORKERS)[number];
/** Those that consume the stream of events. */
export const CONSUMERS = ['NotificationsWorker', 'AnalyticsWorker'] as const satisfies readonly WorkerName[];

/** @throws Error where the assembly is not one of Spillway's own stages. */
export function stagePartsOf({ resources, functions }: Pick<Twin, 'resources' | 'functions'>): StageParts {
  const find = (type: string, part: string): ResolvedResource => {
    const found = resources.find((each) => each.type === type && each.path.includes(`/${part}/`));
    if (found) return found;
    throw new Error(`the assembly has no ${type} '${part}'; the soak is for Spillway's own stages`);
  };
  const table = (part: string) => find('AWS::DynamoDB::GlobalTable', part).physicalId;
  const queue = (part: string) => find('AWS::SQS::Queue', part).physicalId;
  const work = (part: string) => ({ url: queue(`${part}/Queue`), deadLetterUrl: queue(`${part}/DeadLetters`) });
  const worker = (part: WorkerName): string => {
    const found = functions.status(0).find(({ label }) => label.startsWith(`${part}/`));
    if (found) return found.name;
    throw new Error(`the assembly has no function '${part}'; the soak is for Spillway's own stages`);
  };
  return {
    tables: {
      Posts: table('Posts'),
      Notifications: table('Notifications'),
      Follows: table('Follows'),
      Outbox: table('Outbox'),
      Videos: table('Videos'),
      Analytics: table('Analytics'),
    },
    stream: find('AWS::Kinesis::Stream', 'Events').physicalId,
    work: { video: work('VideoWork'), activity: work('ActivityWork') },
    media: find('AWS::S3::Bucket', 'Media').physicalId,
    failedRecords: {
      bucket: find('AWS::S3::Bucket', 'FailedRecords').physicalId,
      noticesUrl: queue('FailedRecords/Notices'),
    },
    workers: Object.fromEntries(WORKERS.map((name) => [name, worker(name)])) as Record<WorkerName, string>,
  };
}
