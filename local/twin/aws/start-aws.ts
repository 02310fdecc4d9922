import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import type { LoopbackServer } from '../serve-on-loopback.ts';
import { startApiGateway } from './api-gateway/api-gateway-room.ts';
import type { ApiKeyStore } from './api-gateway/api-key-store.ts';
import type { AwsCall, AwsService } from './aws-call.ts';
import { startAwsEndpoint } from './aws-endpoint.ts';
import type { AwsContext, AwsRoom } from './aws-room.ts';
import { startCloudWatch } from './cloudwatch/cloudwatch-room.ts';
import type { MetricDatum } from './cloudwatch/metric-datum.ts';
import type { MetricStore } from './cloudwatch/metric-store.ts';
import { type ServiceLoad, serviceMetrics } from './cloudwatch/service-metrics.ts';
import type { ConnectionStore } from './connections/connection-store.ts';
import { startConnections } from './connections/connections-room.ts';
import { type AuthorizeCall, type CallAws, createCallAws, createDispatch, type Dispatch } from './dispatcher.ts';
import { startDynamoDb, type TableSummary } from './dynamodb/dynamodb-room.ts';
import type { EventStore } from './events/event-store.ts';
import { startEvents } from './events/events-room.ts';
import { startFirehose } from './firehose/firehose-room.ts';
import { startKinesis } from './kinesis/kinesis-room.ts';
import type { KinesisStore } from './kinesis/kinesis-store.ts';
import type { KeyStore } from './kms/key-store.ts';
import { startKms } from './kms/kms-room.ts';
import { startLambda } from './lambda/lambda-room.ts';
import type { Principal } from './principal.ts';
import type { RecordStream, StreamedRecord } from './record-stream.ts';
import { startS3 } from './s3/s3-room.ts';
import { S3Front } from './s3/wire/s3-front.ts';
import type { Rotation } from './secrets-manager/rotation.ts';
import { startSecretsManager } from './secrets-manager/secrets-room.ts';
import type { SecretsStore } from './secrets-manager/secrets-store.ts';
import type { SetTimer } from './set-timer.ts';
import { startSns } from './sns/sns-room.ts';
import type { TopicStore } from './sns/topic-store.ts';
import type { QueueStore } from './sqs/queue-store.ts';
import { startSqs } from './sqs/sqs-room.ts';
import type { ParameterStore } from './ssm/parameter-store.ts';
import { startSsm } from './ssm/ssm-room.ts';
import { startSts } from './sts/sts-room.ts';

export interface AwsOptions extends Omit<AwsContext, 'callAws'> {
  /** Whose access key it is. */
  readonly principalOf: (accessKeyId: string | undefined) => Principal;
  readonly authorize: AuthorizeCall;
  /** The secret of a key of a function, for URLs and forms that it signed. @default - nothing is known of any key */
  readonly secretOf?: (accessKeyId: string) => string | undefined;
  /** Stands for each call that came from outside, and makes it by `run`. @default - it is just made */
  readonly around?: (call: AwsCall, run: () => Promise<unknown>) => Promise<unknown>;
  /** @default - timers of this machine */
  readonly setTimer?: SetTimer | undefined;
  /** Whether tables refuse what one partition, or their throughput, does not serve in AWS. */
  readonly throttleTables?: boolean;
  /** How functions and the consumers of streams stand, for CloudWatch. @default - it knows queues alone */
  readonly functionLoad?: () => Omit<ServiceLoad, 'queues'>;
}

/** The endpoint with the services behind it. */
export interface Aws extends LoopbackServer {
  readonly call: CallAws;
  /** API keys, of the templates and made at run time. */
  readonly apiKeys: ApiKeyStore;
  /** Open connections of WebSocket APIs. */
  readonly connections: ConnectionStore;
  /** Buses and their rules. */
  readonly events: EventStore;
  /** Keys of KMS, by id, alias or ciphertext. */
  readonly keys: KeyStore;
  readonly kinesis: KinesisStore;
  readonly metrics: MetricStore;
  readonly queues: QueueStore;
  /** The stream with this ARN, of Kinesis or of a table, for its event sources. */
  streamOf(arn: string): RecordStream<StreamedRecord> | undefined;
  readonly parameters: ParameterStore;
  /** Tables and how many items they hold, without a scan. */
  tables(): readonly TableSummary[];
  readonly topics: TopicStore;
  /** Takes metrics that did not come by PutMetricData: those of functions' logs. @throws AwsError where CloudWatch would not. */
  putMetrics(namespace: string, data: readonly MetricDatum[]): void;
  /** Who calls with keys that AssumeRole gave; `undefined` where they are no session's. @throws AwsError where they expired. */
  principalOfSession(accessKeyId: string | undefined): Principal | undefined;
  readonly secrets: SecretsStore;
  readonly rotation: Rotation;
  /** Creates what the templates declare. May be called again with another assembly's resources. */
  provision(resources: readonly ResolvedResource[]): Promise<void>;
}

/** Starts the endpoint with every service that functions may call. */
export async function startAws(options: AwsOptions): Promise<Aws> {
  const { principalOf, authorize, secretOf: _, around, setTimer, ...shared } = options;
  let url = '';
  // Services may call each other: the dispatch that they are given looks them up at the time of the call.
  const rooms: Record<string, AwsRoom> = {};
  const services: Record<string, AwsService> = {};
  const dispatch = createDispatch(services, authorize);
  const call = createCallAws(dispatch, () => url);
  const context: AwsContext = { ...shared, callAws: call };
  const apiGateway = startApiGateway(context);
  const connections = startConnections(context);
  const { throttleTables = false } = options;
  const dynamodb = startDynamoDb({ ...context, throttleTables, ...(setTimer && { setTimer }) });
  const kinesis = startKinesis(context);
  const s3 = startS3(context, setTimer);
  const firehose = startFirehose(context, (arn) => kinesis.store.streamOf(arn), setTimer);
  const secrets = startSecretsManager(context, setTimer);
  const kms = startKms(context);
  const ssm = startSsm(context, principalOf);
  const sts = startSts(context, principalOf);
  const events = startEvents(context, setTimer);
  const sns = startSns(context, setTimer);
  const sqs = startSqs(context, setTimer);
  const cloudwatch = startCloudWatch(context, () => {
    const nowMs = context.nowMs();
    const queues = sqs.store.entries().map(({ name, queue }) => ({
      ...{ name, ...queue.counts(nowMs), ...queue.totals, oldestSentMs: queue.oldestSentMs(nowMs) },
    }));
    return serviceMetrics({ functions: [], streams: [], ...options.functionLoad?.(), queues }, nowMs);
  });
  Object.assign(rooms, {
    apigateway: apiGateway,
    cloudwatch,
    dynamodb,
    'execute-api': connections,
    kinesis,
    kms,
    lambda: startLambda(context),
    secretsmanager: secrets,
    events,
    sns,
    sqs,
    ssm,
    sts,
    // After queues and topics that it tells of changes.
    s3,
    // After what it reads and writes.
    firehose,
  });
  for (const [name, room] of Object.entries(rooms)) services[name] = room.service;
  services.dynamodbstreams = dynamodb.streams.service;
  const { buckets } = s3;
  const { nowMs } = context;
  const secretOf = (accessKeyId: string): string | undefined =>
    sts.secretOf(accessKeyId) ?? options.secretOf?.(accessKeyId);
  const outside: Dispatch = around
    ? (principal, callFromOutside) => around(callFromOutside, () => dispatch(principal, callFromOutside))
    : dispatch;
  const front = new S3Front({ buckets, dispatch: outside, principalOf, secretOf, nowMs });
  const endpoint = await startAwsEndpoint({ dispatch: outside, principalOf, front });
  url = endpoint.url;
  return {
    url,
    call,
    apiKeys: apiGateway.store,
    connections: connections.store,
    events: events.store,
    keys: kms.store,
    kinesis: kinesis.store,
    metrics: cloudwatch.store,
    queues: sqs.store,
    streamOf: (arn) => (arn.includes(':dynamodb:') ? dynamodb.streams.streamOf(arn) : kinesis.store.streamOf(arn)),
    parameters: ssm.store,
    tables: dynamodb.tables,
    topics: sns.store,
    putMetrics: cloudwatch.put,
    principalOfSession: sts.principalOfSession,
    secrets: secrets.store,
    rotation: secrets.rotation,
    provision: async (resources) => {
      for (const room of Object.values(rooms)) await room.provision(resources);
    },
    close: async () => {
      await endpoint.close();
      // It writes what it holds into buckets.
      await firehose.close();
      for (const room of Object.values(rooms)) await room.close?.();
    },
  };
}
