import type { Notice } from '../assembly/resolve-assembly.ts';
import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import type { IamReport } from '../aws/iam/iam-report.ts';
import type { Aws } from '../aws/start-aws.ts';
import type { EventSourceStatus } from '../functions/event-sources/event-sources.ts';
import type { Functions } from '../functions/functions.ts';
import type { AccessEntry } from '../gateway/access-entry.ts';
import type { RunningApi } from '../running-apis.ts';
import { type ApiView, apiViews } from './api-view.ts';
import { deadLetterArns } from './dead-letter-arns.ts';
import {
  type EventSourceView,
  eventSourceViews,
  type RuleView,
  ruleViews,
  scheduleViews,
  type TopicView,
  topicViews,
} from './event-views.ts';
import { type FunctionLog, type FunctionView, functionViews } from './function-view.ts';
import { type MetricView, metricViews } from './metric-view.ts';
import { type QueueView, queueViews } from './queue-view.ts';
import type { CountedReason, RecentRequests } from './recent-requests.ts';
import { type ResourceLabels, resourceLabels } from './resource-labels.ts';
import {
  type KeyView,
  keyViews,
  type ParameterView,
  parameterViews,
  type SecretView,
  secretViews,
} from './setting-views.ts';

/** A request as the console shows it: the line of its access log is left out. */
export type RequestView = Omit<AccessEntry, 'line'>;

/** Everything that the console shows, taken at one moment. */
export interface Snapshot {
  readonly stage: string;
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly awsEndpointUrl: string;
  readonly region: string;
  readonly cache: string;
  readonly iam: IamReport;
  readonly statusCounts: Readonly<Record<string, number>>;
  readonly requests: readonly RequestView[];
  /** The last ones that were refused or failed. */
  readonly unserved: readonly RequestView[];
  readonly reasons: readonly CountedReason[];
  readonly apis: readonly ApiView[];
  readonly functions: readonly FunctionView[];
  readonly log: FunctionLog | undefined;
  readonly queues: readonly QueueView[];
  readonly eventSources: readonly EventSourceView[];
  readonly tables: readonly { readonly name: string; readonly label: string; readonly items: number }[];
  readonly streams: readonly {
    readonly name: string;
    readonly label: string;
    readonly shards: number;
    readonly records: number;
  }[];
  readonly topics: readonly TopicView[];
  readonly rules: readonly RuleView[];
  readonly parameters: readonly ParameterView[];
  readonly secrets: readonly SecretView[];
  readonly keys: readonly KeyView[];
  readonly metrics: readonly MetricView[];
  readonly moreMetrics: number;
  readonly notices: readonly Notice[];
  /** A sentence about each property that the twin ignores. */
  readonly ignored: readonly string[];
}

/** What a snapshot is taken of. */
export interface SnapshotSources {
  readonly stage: string;
  readonly startedAtMs: number;
  readonly nowMs: () => number;
  readonly region: string;
  readonly cache: string;
  readonly apis: readonly RunningApi[];
  readonly resources: readonly ResolvedResource[];
  readonly notices: readonly Notice[];
  readonly ignored: readonly string[];
  readonly functions: Pick<Functions, 'status'>;
  readonly eventSources: readonly EventSourceStatus[];
  readonly aws: SnapshotServices;
  readonly iamReport: () => IamReport;
  readonly requests: RecentRequests;
}

/** The services that a snapshot looks into. */
export type SnapshotServices = Pick<
  Aws,
  | 'url'
  | 'connections'
  | 'events'
  | 'keys'
  | 'kinesis'
  | 'metrics'
  | 'parameters'
  | 'queues'
  | 'secrets'
  | 'tables'
  | 'topics'
>;

/**
 * Looks into all rooms, without a call or a scan: the page asks every second.
 *
 * @param logOf name of the function whose log is wanted; the first one by default
 */
export function takeSnapshot(sources: SnapshotSources, logOf?: string): Snapshot {
  const { apis, aws, requests, resources } = sources;
  const nowMs = sources.nowMs();
  const { labels, deadLetters } = factsOf(resources);
  const { metrics, more: moreMetrics } = metricViews(aws.metrics, nowMs);
  return {
    stage: sources.stage,
    startedAtMs: sources.startedAtMs,
    nowMs,
    awsEndpointUrl: aws.url,
    region: sources.region,
    cache: sources.cache,
    iam: sources.iamReport(),
    statusCounts: requests.counts(),
    requests: requests.latest().map(withoutLine),
    unserved: requests.latestUnserved().map(withoutLine),
    reasons: requests.reasons(),
    apis: apiViews({ apis, requests, labels, connectionsOf: (apiId) => aws.connections.ofApi(apiId).length }),
    ...functionViews(sources.functions, logOf),
    queues: queueViews({ queues: aws.queues, labels, deadLetterArns: deadLetters, awsEndpointUrl: aws.url }),
    eventSources: eventSourceViews(sources.eventSources, labels),
    tables: aws.tables().map(({ name, itemCount }) => ({ name, label: labels.of('dynamodb', name), items: itemCount })),
    streams: aws.kinesis.streams().map(({ name, open, shards }) => ({
      name,
      label: labels.of('kinesis', name),
      shards: open.length,
      records: shards.reduce((sum, shard) => sum + shard.records.length, 0),
    })),
    topics: topicViews(aws.topics, labels),
    rules: [...ruleViews(aws.events, labels, nowMs), ...scheduleViews(resources, labels)],
    parameters: parameterViews(aws.parameters),
    secrets: secretViews(aws.secrets),
    keys: keyViews(aws.keys, labels),
    metrics,
    moreMetrics,
    notices: sources.notices,
    ignored: sources.ignored,
  };
}

interface AssemblyFacts {
  readonly labels: ResourceLabels;
  readonly deadLetters: ReadonlySet<string>;
}

/** What does not change between two synths. */
const FACTS = new WeakMap<readonly ResolvedResource[], AssemblyFacts>();

function factsOf(resources: readonly ResolvedResource[]): AssemblyFacts {
  const known = FACTS.get(resources);
  if (known) return known;
  const facts = { labels: resourceLabels(resources), deadLetters: deadLetterArns(resources) };
  FACTS.set(resources, facts);
  return facts;
}

function withoutLine({ line, ...rest }: AccessEntry): RequestView {
  return rest;
}
