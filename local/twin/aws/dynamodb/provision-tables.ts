import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { TwinError } from '../../twin-error.ts';
import { AwsError } from '../aws-error.ts';
import { type CreateTableRequest, readCreateTable, type Tag } from './input/table-input.ts';
import type { DynamoDb } from './operations/dynamodb.ts';
import { createTable, tagsOf, updateTable } from './operations/table-operations.ts';
import { setTimeToLive } from './operations/table-setting-operations.ts';
import type { Table } from './storage/table.ts';
import type {
  IndexDefinition,
  KeySchemaElement,
  ProvisionedThroughput,
  StreamSpecification,
  TimeToLiveSpecification,
} from './storage/table-definition.ts';

/** What the ARN of a stream ends with that a template declares: `StreamArn` has to be known before there is a table. */
const STREAM_LABEL = '2026-01-01T00:00:00.000';
const TYPES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];
const NO_STREAM: StreamSpecification = { StreamEnabled: false };

/** Creates the tables that the templates declare, and brings those that exist up to date. @throws TwinError */
export function provisionTables(resources: readonly ResolvedResource[], dynamodb: DynamoDb): void {
  for (const resource of resources) {
    if (!TYPES.includes(resource.type)) continue;
    try {
      provisionTable(resource, dynamodb);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new TwinError(
        'invalid-table',
        `table '${resource.logicalId}' of stack '${resource.stackName}' is not valid: ${error.message}`,
        { cause: error },
      );
    }
  }
}

interface TableProperties extends Omit<CreateTableRequest, 'TableName' | 'GlobalSecondaryIndexes'> {
  readonly GlobalSecondaryIndexes?: readonly (IndexDefinition & GlobalThroughput)[];
  readonly TimeToLiveSpecification?: { readonly AttributeName?: string; readonly Enabled: boolean | string };
}

/** Throughput as a GlobalTable states it: capacities of writes for all Regions, of reads for each. */
interface GlobalThroughput {
  readonly WriteProvisionedThroughputSettings?: CapacitySettings;
  readonly ReadProvisionedThroughputSettings?: CapacitySettings;
}

interface CapacitySettings {
  readonly ReadCapacityUnits?: number;
  readonly WriteCapacityUnits?: number;
  readonly ReadCapacityAutoScalingSettings?: { readonly MinCapacity?: number };
  readonly WriteCapacityAutoScalingSettings?: { readonly MinCapacity?: number };
}

interface Replica extends GlobalThroughput {
  readonly Region?: string;
  readonly DeletionProtectionEnabled?: boolean;
  readonly Tags?: readonly Tag[];
  readonly GlobalSecondaryIndexes?: readonly ({ readonly IndexName: string } & GlobalThroughput)[];
}

function provisionTable(resource: ResolvedResource, dynamodb: DynamoDb): void {
  const request = readCreateTable({ ...requestOf(resource, dynamodb.tables.region) });
  const existing = dynamodb.tables.find(resource.physicalId);
  const table = existing ?? createTable(dynamodb, request, STREAM_LABEL);
  if (existing) bringUpToDate(resource, dynamodb, existing, request);
  const { TimeToLiveSpecification: ttl } = resource.properties as unknown as TableProperties;
  const wanted = ttl?.AttributeName !== undefined && String(ttl.Enabled) === 'true' ? ttl.AttributeName : undefined;
  const { TimeToLive: current } = table.definition;
  const isWanted = wanted !== undefined;
  if (isWanted === (current?.Enabled ?? false) && (!isWanted || current?.AttributeName === wanted)) return;
  const specification: TimeToLiveSpecification = {
    AttributeName: wanted ?? current?.AttributeName ?? '',
    Enabled: isWanted,
  };
  setTimeToLive(dynamodb, table, specification);
}

function bringUpToDate(
  resource: ResolvedResource,
  dynamodb: DynamoDb,
  table: Table,
  request: CreateTableRequest,
): void {
  const { definition } = table;
  refuseReplacement(resource, table, request);
  definition.tags = tagsOf(request.Tags);
  const wanted = request.GlobalSecondaryIndexes ?? [];
  const isKept = (index: IndexDefinition) => wanted.some((other) => isSameIndex(index, other));
  const dropped = definition.GlobalSecondaryIndexes.filter((index) => !isKept(index));
  const added = wanted.filter((index) => !definition.GlobalSecondaryIndexes.some((other) => isSameIndex(index, other)));
  const kept = wanted.filter((index) => !added.includes(index));
  const stream = request.StreamSpecification;
  const isStreamChanged =
    stream === undefined
      ? definition.stream?.isEnabled === true
      : !definition.stream?.isEnabled || definition.stream.viewType !== stream.StreamViewType;
  updateTable(
    dynamodb,
    table,
    {
      AttributeDefinitions: request.AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [
        ...dropped.map(({ IndexName }) => ({ Delete: { IndexName } })),
        ...added.map((index) => ({ Create: index })),
        ...kept.flatMap(({ IndexName, ProvisionedThroughput }) =>
          ProvisionedThroughput ? { Update: { IndexName, ProvisionedThroughput } } : [],
        ),
      ],
      BillingMode: request.BillingMode ?? 'PROVISIONED',
      ...(request.ProvisionedThroughput && { ProvisionedThroughput: request.ProvisionedThroughput }),
      ...(isStreamChanged && { StreamSpecification: stream ?? NO_STREAM }),
      DeletionProtectionEnabled: request.DeletionProtectionEnabled ?? false,
    },
    STREAM_LABEL,
  );
}

/** @throws TwinError where AWS would create another table, without the items of this one. */
function refuseReplacement(resource: ResolvedResource, table: Table, request: CreateTableRequest): void {
  const { definition } = table;
  const before = keysAsText(definition.KeySchema, definition.AttributeDefinitions);
  const after = keysAsText(request.KeySchema, request.AttributeDefinitions);
  const localOf = (indexes: readonly IndexDefinition[] = []) =>
    JSON.stringify(indexes.map(({ IndexName, KeySchema, Projection }) => [IndexName, KeySchema, Projection]));
  const isSame =
    before === after && localOf(definition.LocalSecondaryIndexes) === localOf(request.LocalSecondaryIndexes);
  if (isSame) return;
  const change =
    before === after ? 'its local secondary indexes have changed' : `its key was ${before} and is ${after} now`;
  throw new TwinError(
    'table-replaced',
    `table '${resource.logicalId}' of stack '${resource.stackName}' would be replaced in AWS, and lose its items: ` +
      `${change}; give the table another logical id, or start the twin without its data`,
  );
}

function keysAsText(
  schema: readonly KeySchemaElement[],
  attributes: CreateTableRequest['AttributeDefinitions'],
): string {
  const typeOf = (name: string) => attributes.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  return schema.map((key) => `${key.AttributeName} ${key.KeyType} ${typeOf(key.AttributeName)}`).join(', ');
}

function isSameIndex(left: IndexDefinition, right: IndexDefinition): boolean {
  const textOf = ({ IndexName, KeySchema, Projection }: IndexDefinition) =>
    JSON.stringify([
      IndexName,
      KeySchema.map(({ AttributeName, KeyType }) => [AttributeName, KeyType]),
      Projection.ProjectionType,
      [...(Projection.NonKeyAttributes ?? [])].sort(),
    ]);
  return textOf(left) === textOf(right);
}

/** The resource as CreateTable takes it. A Table is on demand only where it says so, and so is a GlobalTable. */
function requestOf({ type, physicalId, properties }: ResolvedResource, region: string): CreateTableRequest {
  const declared = properties as unknown as TableProperties & GlobalThroughput & { readonly Replicas?: Replica[] };
  const isGlobal = type === 'AWS::DynamoDB::GlobalTable';
  const replica = declared.Replicas?.find(({ Region }) => Region === region) ?? declared.Replicas?.[0];
  const throughput = isGlobal ? globalThroughput(declared, replica) : declared.ProvisionedThroughput;
  const isProvisioned = (declared.BillingMode ?? 'PROVISIONED') === 'PROVISIONED';
  const indexes = declared.GlobalSecondaryIndexes?.map((index): IndexDefinition => {
    const ofReplica = replica?.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index.IndexName);
    const ofIndex = isGlobal ? globalThroughput(index, ofReplica) : index.ProvisionedThroughput;
    return {
      IndexName: index.IndexName,
      KeySchema: index.KeySchema,
      Projection: index.Projection,
      ...(isProvisioned && ofIndex && { ProvisionedThroughput: asUnits(ofIndex) }),
    };
  });
  const { StreamViewType } = declared.StreamSpecification ?? {};
  const tags = isGlobal ? replica?.Tags : declared.Tags;
  const isProtected = isGlobal ? replica?.DeletionProtectionEnabled : declared.DeletionProtectionEnabled;
  return {
    TableName: physicalId,
    KeySchema: declared.KeySchema,
    AttributeDefinitions: declared.AttributeDefinitions,
    BillingMode: isProvisioned ? 'PROVISIONED' : 'PAY_PER_REQUEST',
    ...(indexes?.length && { GlobalSecondaryIndexes: indexes }),
    ...(declared.LocalSecondaryIndexes?.length && { LocalSecondaryIndexes: declared.LocalSecondaryIndexes }),
    ...(isProvisioned && throughput && { ProvisionedThroughput: asUnits(throughput) }),
    ...(StreamViewType !== undefined && { StreamSpecification: { StreamEnabled: true, StreamViewType } }),
    DeletionProtectionEnabled: String(isProtected) === 'true',
    ...(tags && { Tags: tags }),
  };
}

/** Where a table scales by itself, it starts at its minimum. */
function globalThroughput(writes: GlobalThroughput, reads: GlobalThroughput | undefined): ProvisionedThroughput {
  const { WriteProvisionedThroughputSettings: write } = writes;
  const read = reads?.ReadProvisionedThroughputSettings ?? writes.ReadProvisionedThroughputSettings;
  return {
    ReadCapacityUnits: read?.ReadCapacityUnits ?? read?.ReadCapacityAutoScalingSettings?.MinCapacity ?? 1,
    WriteCapacityUnits: write?.WriteCapacityUnits ?? write?.WriteCapacityAutoScalingSettings?.MinCapacity ?? 1,
  };
}

/** Templates may write numbers as texts. */
function asUnits({ ReadCapacityUnits, WriteCapacityUnits }: ProvisionedThroughput): ProvisionedThroughput {
  return { ReadCapacityUnits: Number(ReadCapacityUnits), WriteCapacityUnits: Number(WriteCapacityUnits) };
}
