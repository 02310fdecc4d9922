import type { Table } from '../storage/table.ts';
import type { IndexDefinition, ProvisionedThroughput } from '../storage/table-definition.ts';

const NO_THROUGHPUT: ProvisionedThroughput = { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };

/** `TableDescription`; the twin's tables are active as soon as they are there, but answers say what is going on, as AWS's do. */
export function describeTable(table: Table, status = 'ACTIVE'): Record<string, unknown> {
  const { definition } = table;
  const { stream, GlobalSecondaryIndexes, LocalSecondaryIndexes, TableClass, BillingMode } = definition;
  const describe = (index: IndexDefinition) => ({
    IndexName: index.IndexName,
    KeySchema: index.KeySchema,
    Projection: index.Projection,
    IndexArn: `${table.arn}/index/${index.IndexName}`,
    IndexSizeBytes: 0,
    ItemCount: table.index(index.IndexName)?.size ?? 0,
  });
  const isOnDemand = BillingMode === 'PAY_PER_REQUEST';
  return {
    TableName: table.name,
    TableArn: table.arn,
    TableId: definition.TableId,
    TableStatus: status,
    CreationDateTime: definition.createdMs / 1000,
    ItemCount: table.itemCount,
    TableSizeBytes: table.bytes,
    AttributeDefinitions: definition.AttributeDefinitions,
    KeySchema: definition.KeySchema,
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...definition.ProvisionedThroughput },
    ...(isOnDemand && {
      BillingModeSummary: {
        BillingMode,
        LastUpdateToPayPerRequestDateTime: definition.createdMs / 1000,
      },
    }),
    ...(LocalSecondaryIndexes.length > 0 && { LocalSecondaryIndexes: LocalSecondaryIndexes.map(describe) }),
    ...(GlobalSecondaryIndexes.length > 0 && {
      GlobalSecondaryIndexes: GlobalSecondaryIndexes.map((index) => ({
        ...describe(index),
        IndexStatus: status === 'ACTIVE' ? 'ACTIVE' : status,
        ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...(index.ProvisionedThroughput ?? NO_THROUGHPUT) },
      })),
    }),
    ...(stream && {
      LatestStreamArn: `${table.arn}/stream/${stream.label}`,
      LatestStreamLabel: stream.label,
      ...(stream.isEnabled && {
        StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType },
      }),
    }),
    DeletionProtectionEnabled: definition.DeletionProtectionEnabled,
    ...(TableClass !== undefined && { TableClassSummary: { TableClass } }),
  };
}
