import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import { TwinError } from '../twin-error.ts';
import type { KinesisStore } from './kinesis-store.ts';
import type { LocalClient } from './local-client.ts';
import { type PasswordOptions, randomPassword } from './random-password.ts';
import type { SecretsStore } from './secrets-store.ts';

/** What the declared resources are created in. */
export interface ProvisionTargets {
  readonly client: LocalClient;
  readonly kinesis: KinesisStore;
  readonly secrets: SecretsStore;
}

/** Creates the secrets, tables, streams and queues that the templates declare. */
export async function provision(resources: readonly ResolvedResource[], targets: ProvisionTargets): Promise<void> {
  const ofType = (...types: string[]): ResolvedResource[] => resources.filter(({ type }) => types.includes(type));
  for (const secret of ofType('AWS::SecretsManager::Secret')) createSecret(secret, targets.secrets);
  for (const stream of ofType('AWS::Kinesis::Stream')) createStream(stream, targets.kinesis);
  const tables = ofType('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table');
  await Promise.all(tables.map((table) => createTable(table, targets.client)));
  await createQueues(ofType('AWS::SQS::Queue'), targets.client);
}

interface SecretProperties {
  readonly Description?: string;
  readonly SecretString?: string;
  readonly GenerateSecretString?: PasswordOptions & {
    readonly SecretStringTemplate?: string;
    readonly GenerateStringKey?: string;
  };
}

function createSecret(resource: ResolvedResource, secrets: SecretsStore): void {
  const { Description, SecretString, GenerateSecretString } = resource.properties as SecretProperties;
  const arn = resource.physicalId;
  // The ARN ends with the name, a dash and six characters of Secrets Manager's own.
  const name = arn.slice(arn.indexOf(':secret:') + ':secret:'.length, -7);
  const value = SecretString ?? (GenerateSecretString ? generateSecret(GenerateSecretString) : '');
  secrets.create({ name, arn, ...(Description !== undefined && { description: Description }) }, value);
}

function generateSecret(options: SecretProperties['GenerateSecretString'] & {}): string {
  const password = randomPassword(options);
  const { SecretStringTemplate, GenerateStringKey } = options;
  if (SecretStringTemplate === undefined || GenerateStringKey === undefined) return password;
  return JSON.stringify({ ...(JSON.parse(SecretStringTemplate) as object), [GenerateStringKey]: password });
}

interface StreamProperties {
  readonly RetentionPeriodHours?: number | string;
  readonly ShardCount?: number | string;
  readonly StreamModeDetails?: { readonly StreamMode?: string };
}

/** An on-demand stream starts with four shards in AWS, and stays so here. */
const ON_DEMAND_SHARDS = 4;

function createStream(resource: ResolvedResource, kinesis: KinesisStore): void {
  const { RetentionPeriodHours, ShardCount, StreamModeDetails } = resource.properties as StreamProperties;
  const isOnDemand = StreamModeDetails?.StreamMode === 'ON_DEMAND';
  kinesis.create(resource.physicalId, {
    isOnDemand,
    shardCount: isOnDemand ? ON_DEMAND_SHARDS : Number(ShardCount ?? 1),
    retentionHours: Number(RetentionPeriodHours ?? 24),
  });
}

interface IndexProperties {
  readonly IndexName: string;
  readonly KeySchema: unknown;
  readonly Projection: unknown;
}

interface TableProperties {
  readonly AttributeDefinitions?: unknown;
  readonly KeySchema?: unknown;
  readonly GlobalSecondaryIndexes?: readonly IndexProperties[];
  readonly LocalSecondaryIndexes?: readonly IndexProperties[];
}

/** Creates a table on demand: the engine enforces no throughput, so what is provisioned makes no difference. */
async function createTable(resource: ResolvedResource, client: LocalClient): Promise<void> {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } =
    resource.properties as TableProperties;
  const index = ({ IndexName, KeySchema, Projection }: IndexProperties): IndexProperties => ({
    IndexName,
    KeySchema,
    Projection,
  });
  await client('DynamoDB_20120810.CreateTable', {
    TableName: resource.physicalId,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions,
    KeySchema,
    ...(GlobalSecondaryIndexes?.length && { GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(index) }),
    ...(LocalSecondaryIndexes?.length && { LocalSecondaryIndexes: LocalSecondaryIndexes.map(index) }),
  });
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { Table } = await client('DynamoDB_20120810.DescribeTable', { TableName: resource.physicalId });
    if ((Table as { readonly TableStatus?: string }).TableStatus === 'ACTIVE') return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new TwinError(
    'table-not-active',
    `table '${resource.logicalId}' of stack '${resource.stackName}' did not become active`,
  );
}

/** Properties that CreateQueue takes under the same name. Encryption makes no difference on one machine. */
const QUEUE_ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
];

async function createQueues(queues: readonly ResolvedResource[], client: LocalClient): Promise<void> {
  const urls = new Map<ResolvedResource, unknown>();
  for (const queue of queues) {
    const given = QUEUE_ATTRIBUTES.filter((name) => queue.properties[name] !== undefined);
    const { QueueUrl } = await client('AmazonSQS.CreateQueue', {
      QueueName: queue.physicalId.split('/').at(-1),
      Attributes: Object.fromEntries(given.map((name) => [name, String(queue.properties[name])])),
    });
    urls.set(queue, QueueUrl);
  }
  // Second, because a redrive policy names another queue, which may stand further down in the template.
  for (const [queue, QueueUrl] of urls) {
    const { RedrivePolicy } = queue.properties;
    if (RedrivePolicy === undefined) continue;
    const Attributes = { RedrivePolicy: JSON.stringify(RedrivePolicy) };
    await client('AmazonSQS.SetQueueAttributes', { QueueUrl, Attributes });
  }
}
