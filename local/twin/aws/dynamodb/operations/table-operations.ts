import { randomUUID } from 'node:crypto';
import type { Input } from '../../aws-call.ts';
import { AwsError } from '../../aws-error.ts';
import { invalidParameter, validationError } from '../dynamodb-error.ts';
import { checkInput, rulesOf } from '../input/dynalite.ts';
import {
  type CreateTableRequest,
  type IndexUpdate,
  readCreateTable,
  readUpdateTable,
  type Tag,
  type UpdateTableRequest,
} from '../input/table-input.ts';
import type { Table } from '../storage/table.ts';
import type { StreamSpecification, TableDefinition } from '../storage/table-definition.ts';
import { describeTable } from './describe-table.ts';
import type { DynamoDb } from './dynamodb.ts';

const NO_THROUGHPUT = { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
const INDEXES_MAX = 20;

/** CreateTable, DeleteTable, DescribeTable, ListTables, UpdateTable. */
export function tableOperations(dynamodb: DynamoDb) {
  const { tables } = dynamodb;
  return {
    CreateTable: (input: Input) => {
      const table = createTable(dynamodb, readCreateTable(input));
      return { TableDescription: describeTable(table, 'CREATING') };
    },
    DeleteTable: (input: Input) => {
      const table = tables.getNamed(String(checkInput(input, rulesOf('deleteTable')).TableName));
      if (table.definition.DeletionProtectionEnabled) {
        throw validationError(
          'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
        );
      }
      dynamodb.drop(table);
      return { TableDescription: describeTable(table, 'DELETING') };
    },
    DescribeTable: (input: Input) => {
      const table = tables.getNamed(String(checkInput(input, rulesOf('describeTable')).TableName));
      return { Table: describeTable(table) };
    },
    ListTables: (input: Input) => listTables(dynamodb, input),
    UpdateTable: (input: Input) => {
      const request = readUpdateTable(input);
      const table = tables.getNamed(request.TableName);
      checkUpdate(table, request);
      updateTable(dynamodb, table, request);
      return { TableDescription: describeTable(table, 'UPDATING') };
    },
  };
}

/** @param streamLabel what the ARN of its stream ends with. @throws AwsError ResourceInUseException */
export function createTable(dynamodb: DynamoDb, request: CreateTableRequest, streamLabel?: string): Table {
  if (dynamodb.tables.find(request.TableName)) {
    throw new AwsError('ResourceInUseException', `Table already exists: ${request.TableName}`);
  }
  const definition: TableDefinition = {
    TableName: request.TableName,
    TableId: randomUUID(),
    createdMs: dynamodb.nowMs(),
    KeySchema: request.KeySchema,
    AttributeDefinitions: request.AttributeDefinitions,
    GlobalSecondaryIndexes: request.GlobalSecondaryIndexes ?? [],
    LocalSecondaryIndexes: request.LocalSecondaryIndexes ?? [],
    BillingMode: request.BillingMode ?? 'PROVISIONED',
    ProvisionedThroughput: request.ProvisionedThroughput ?? NO_THROUGHPUT,
    DeletionProtectionEnabled: request.DeletionProtectionEnabled ?? false,
    TableClass: request.TableClass,
    tags: tagsOf(request.Tags),
  };
  if (request.StreamSpecification) setStream(dynamodb, definition, request.StreamSpecification, streamLabel);
  const table = dynamodb.tables.add(definition);
  dynamodb.saveDefinition(table);
  return table;
}

export function tagsOf(tags: readonly Tag[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

/** Carries out what was checked, or what a template says. */
export function updateTable(
  dynamodb: DynamoDb,
  table: Table,
  request: Omit<UpdateTableRequest, 'TableName'>,
  streamLabel?: string,
): void {
  const { definition } = table;
  if (request.AttributeDefinitions) {
    // Types of attributes that are left out are still needed by what uses them.
    const given = new Map(
      [...definition.AttributeDefinitions, ...request.AttributeDefinitions].map((each) => [each.AttributeName, each]),
    );
    definition.AttributeDefinitions = [...given.values()];
  }
  for (const update of request.GlobalSecondaryIndexUpdates ?? []) updateIndex(table, update);
  if (request.BillingMode !== undefined) definition.BillingMode = request.BillingMode;
  if (request.BillingMode === 'PAY_PER_REQUEST') definition.ProvisionedThroughput = NO_THROUGHPUT;
  if (request.ProvisionedThroughput) definition.ProvisionedThroughput = request.ProvisionedThroughput;
  if (request.StreamSpecification) setStream(dynamodb, definition, request.StreamSpecification, streamLabel);
  if (request.DeletionProtectionEnabled !== undefined) {
    definition.DeletionProtectionEnabled = request.DeletionProtectionEnabled;
  }
  if (request.TableClass !== undefined) definition.TableClass = request.TableClass;
  dropUnusedAttributes(definition);
  dynamodb.saveDefinition(table);
}

function updateIndex(table: Table, { Create, Delete, Update }: IndexUpdate): void {
  if (Create) table.addIndex(Create);
  if (Delete) table.removeIndex(Delete.IndexName);
  if (!Update) return;
  const { definition } = table;
  definition.GlobalSecondaryIndexes = definition.GlobalSecondaryIndexes.map((index) =>
    index.IndexName === Update.IndexName ? { ...index, ProvisionedThroughput: Update.ProvisionedThroughput } : index,
  );
}

function dropUnusedAttributes(definition: TableDefinition): void {
  const { KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } = definition;
  const schemas = [KeySchema, ...[...GlobalSecondaryIndexes, ...LocalSecondaryIndexes].map((index) => index.KeySchema)];
  const used = new Set(schemas.flat().map(({ AttributeName }) => AttributeName));
  definition.AttributeDefinitions = definition.AttributeDefinitions.filter((each) => used.has(each.AttributeName));
}

function checkUpdate(table: Table, request: UpdateTableRequest): void {
  const { definition } = table;
  const updates = request.GlobalSecondaryIndexUpdates ?? [];
  if (updates.filter(({ Create, Delete }) => Create || Delete).length > 1) {
    throw new AwsError(
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  }
  for (const update of updates) checkIndexUpdate(table, update, request);
  const mode = request.BillingMode ?? definition.BillingMode;
  if (request.ProvisionedThroughput && mode === 'PAY_PER_REQUEST') {
    throw invalidParameter(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  const { StreamSpecification } = request;
  if (!StreamSpecification) return;
  if (StreamSpecification.StreamEnabled && definition.stream?.isEnabled) {
    throw validationError(`Table already has an enabled stream: TableName: ${table.name}`);
  }
  if (StreamSpecification.StreamEnabled === false && !definition.stream?.isEnabled) {
    throw validationError(`Table already has stream disabled: TableName: ${table.name}`);
  }
}

function checkIndexUpdate(
  table: Table,
  { Create, Delete, Update }: IndexUpdate,
  { AttributeDefinitions = [] }: UpdateTableRequest,
): void {
  const missing = Delete?.IndexName ?? Update?.IndexName;
  if (missing !== undefined && !table.index(missing)?.isGlobal) {
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Index: ${missing} not found`);
  }
  if (!Create) return;
  const { IndexName, KeySchema } = Create;
  if (table.index(IndexName)) {
    throw validationError(`Attempting to create an index which already exists: ${IndexName}`);
  }
  if (table.definition.GlobalSecondaryIndexes.length >= INDEXES_MAX) {
    throw invalidParameter(`GlobalSecondaryIndex count exceeds the per-table limit of ${INDEXES_MAX}`);
  }
  const defined = [...table.definition.AttributeDefinitions, ...AttributeDefinitions].map((each) => each.AttributeName);
  const keys = KeySchema.map(({ AttributeName }) => AttributeName);
  if (keys.every((key) => defined.includes(key))) return;
  throw invalidParameter(
    `Some index key attributes are not defined in AttributeDefinitions. Keys: [${keys.join(', ')}], ` +
      `AttributeDefinitions: [${defined.join(', ')}]`,
  );
}

/** A stream that is switched on anew is another stream, which its label tells. */
function setStream(
  { nowMs }: DynamoDb,
  definition: TableDefinition,
  { StreamEnabled = true, StreamViewType = 'NEW_AND_OLD_IMAGES' }: StreamSpecification,
  label = new Date(nowMs()).toISOString().replace('Z', ''),
): void {
  if (StreamEnabled) definition.stream = { label, viewType: StreamViewType, isEnabled: true };
  else if (definition.stream) definition.stream = { ...definition.stream, isEnabled: false };
}

function listTables({ tables }: DynamoDb, input: Input): Record<string, unknown> {
  const { Limit = 100, ExclusiveStartTableName = '' } = checkInput(input, rulesOf('listTables'));
  const names = [...tables.values()].map(({ name }) => name).sort();
  const rest = names.filter((name) => name > String(ExclusiveStartTableName));
  const TableNames = rest.slice(0, Number(Limit));
  return { TableNames, ...(rest.length > TableNames.length && { LastEvaluatedTableName: TableNames.at(-1) }) };
}
