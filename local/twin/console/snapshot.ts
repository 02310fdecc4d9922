import type { Notice } from '../assembly/resolve-assembly.ts';
import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import { resourceLabel } from '../assembly/resource-label.ts';
import type { CallAws } from '../aws/dispatcher.ts';
import type { KinesisStore } from '../aws/kinesis/kinesis-store.ts';
import type { SecretsStore } from '../aws/secrets-manager/secrets-store.ts';
import type { EventSourceStatus } from '../functions/event-sources/event-sources.ts';
import type { FunctionStatus, Functions } from '../functions/functions.ts';
import type { AccessEntry } from '../gateway/access-entry.ts';
import type { RunningApi } from '../running-apis.ts';
import type { RecentRequests } from './recent-requests.ts';

/** Everything that the console shows, taken at one moment. */
export interface Snapshot {
  readonly stage: string;
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly awsEndpointUrl: string;
  readonly cache: string;
  readonly apis: readonly RunningApi[];
  readonly functions: readonly FunctionStatus[];
  readonly tables: readonly { readonly name: string; readonly label: string; readonly items: number }[];
  readonly streams: readonly { readonly label: string; readonly shards: number; readonly records: number }[];
  readonly eventSources: readonly EventSourceStatus[];
  readonly queues: readonly { readonly label: string; readonly visible: number; readonly inFlight: number }[];
  readonly secrets: readonly { readonly name: string; readonly lastRotatedMs: number | undefined }[];
  readonly statusCounts: Readonly<Record<string, number>>;
  readonly requests: readonly AccessEntry[];
  readonly notices: readonly Notice[];
}

/** What a snapshot is taken of. */
export interface SnapshotSources {
  readonly stage: string;
  readonly startedAtMs: number;
  readonly nowMs: () => number;
  readonly awsEndpointUrl: string;
  readonly cache: string;
  readonly apis: readonly RunningApi[];
  readonly resources: readonly ResolvedResource[];
  readonly notices: readonly Notice[];
  readonly functions: Functions;
  readonly eventSources: readonly EventSourceStatus[];
  readonly kinesis: KinesisStore;
  readonly secrets: SecretsStore;
  readonly callAws: CallAws;
  readonly requests: RecentRequests;
}

/** Log lines per function. */
const LINES = 40;

export async function takeSnapshot(sources: SnapshotSources): Promise<Snapshot> {
  const { resources, kinesis, callAws, nowMs, requests } = sources;
  const ofType = (...types: string[]): ResolvedResource[] => resources.filter(({ type }) => types.includes(type));
  const tables = ofType('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table');
  return {
    stage: sources.stage,
    startedAtMs: sources.startedAtMs,
    nowMs: nowMs(),
    awsEndpointUrl: sources.awsEndpointUrl,
    cache: sources.cache,
    apis: sources.apis,
    functions: sources.functions.status(LINES),
    tables: await Promise.all(tables.map((table) => countItems(table, callAws))),
    streams: ofType('AWS::Kinesis::Stream').map((resource) => {
      const { shards } = kinesis.stream(resource.physicalId);
      const records = shards.reduce((sum, shard) => sum + shard.records.length, 0);
      return { label: resourceLabel(resource), shards: shards.length, records };
    }),
    eventSources: sources.eventSources,
    queues: await Promise.all(ofType('AWS::SQS::Queue').map((queue) => countMessages(queue, callAws))),
    secrets: sources.secrets.secrets().map(({ name, lastRotatedMs }) => ({ name, lastRotatedMs })),
    statusCounts: requests.counts(),
    requests: requests.latest(),
    notices: sources.notices,
  };
}

async function countItems(table: ResolvedResource, callAws: CallAws): Promise<Snapshot['tables'][number]> {
  let items = 0;
  let ExclusiveStartKey: unknown;
  do {
    const page = await callAws('dynamodb', 'Scan', {
      TableName: table.physicalId,
      Select: 'COUNT',
      ...(ExclusiveStartKey !== undefined && { ExclusiveStartKey }),
    });
    items += Number(page.Count);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return { name: table.physicalId, label: resourceLabel(table), items };
}

async function countMessages(queue: ResolvedResource, callAws: CallAws): Promise<Snapshot['queues'][number]> {
  const { Attributes } = await callAws('sqs', 'GetQueueAttributes', {
    QueueUrl: queue.physicalId,
    AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
  });
  const counts = Attributes as Readonly<Record<string, string>>;
  return {
    label: resourceLabel(queue),
    visible: Number(counts.ApproximateNumberOfMessages),
    inFlight: Number(counts.ApproximateNumberOfMessagesNotVisible),
  };
}
