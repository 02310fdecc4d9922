import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { TwinError } from '../../twin-error.ts';
import type { Input } from '../aws-call.ts';

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

type CallDynamoDb = (operation: string, input: Input) => Promise<unknown>;

/** Creates the tables that the templates declare. */
export async function provisionTables(resources: readonly ResolvedResource[], call: CallDynamoDb): Promise<void> {
  const tables = resources.filter(
    ({ type }) => type === 'AWS::DynamoDB::GlobalTable' || type === 'AWS::DynamoDB::Table',
  );
  await Promise.all(tables.map((table) => createTable(table, call)));
}

async function createTable(resource: ResolvedResource, call: CallDynamoDb): Promise<void> {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } =
    resource.properties as TableProperties;
  const index = ({ IndexName, KeySchema, Projection }: IndexProperties): IndexProperties => ({
    IndexName,
    KeySchema,
    Projection,
  });
  await call('CreateTable', {
    TableName: resource.physicalId,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions,
    KeySchema,
    ...(GlobalSecondaryIndexes?.length && { GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(index) }),
    ...(LocalSecondaryIndexes?.length && { LocalSecondaryIndexes: LocalSecondaryIndexes.map(index) }),
  });
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { Table } = (await call('DescribeTable', { TableName: resource.physicalId })) as Record<string, unknown>;
    if ((Table as { readonly TableStatus?: string }).TableStatus === 'ACTIVE') return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new TwinError(
    'table-not-active',
    `table '${resource.logicalId}' of stack '${resource.stackName}' did not become active`,
  );
}
