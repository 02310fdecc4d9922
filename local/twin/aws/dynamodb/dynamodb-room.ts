import type { AwsService, Input, Operation } from '../aws-call.ts';
import type { AwsContext, AwsRoom } from '../aws-room.ts';
import { DurableMap } from '../durable-map.ts';
import type { RecordStream } from '../record-stream.ts';
import { machineTimer, type SetTimer } from '../set-timer.ts';
import { ExpirySweeper } from './expiry-sweeper.ts';
import { batchOperations } from './operations/batch-operations.ts';
import type { DynamoDb } from './operations/dynamodb.ts';
import { itemOperations } from './operations/item-operations.ts';
import { queryOperations } from './operations/query-operations.ts';
import { tableOperations } from './operations/table-operations.ts';
import { tableSettingOperations } from './operations/table-setting-operations.ts';
import { transactionOperations } from './operations/transaction-operations.ts';
import { provisionTables } from './provision-tables.ts';
import type { TableDefinition } from './storage/table-definition.ts';
import { TableJournal } from './storage/table-journal.ts';
import { TableStore, tableNameOf } from './storage/table-store.ts';
import { streamOperations } from './streams/stream-operations.ts';
import { type ChangeRecord, RETENTION_MS } from './streams/table-stream.ts';
import { TableStreams } from './streams/table-streams.ts';
import { Throughput } from './throughput.ts';

export interface DynamoDbContext extends Pick<AwsContext, 'region' | 'accountId' | 'nowMs' | 'database'> {
  /**
   * Whether tables refuse what a table in AWS could not serve: 3,000 read and 1,000 write units a second of a partition key, and
   * the throughput of tables in provisioned mode.
   *
   * @default false
   */
  readonly throttleTables?: boolean;
  /** @default timers of this machine */
  readonly setTimer?: SetTimer;
}

/** A table as the console lists it. */
export interface TableSummary {
  readonly name: string;
  readonly itemCount: number;
}

export interface DynamoDbRoom extends AwsRoom {
  readonly streams: {
    /** The API of the streams, for the service `dynamodbstreams`. */
    readonly service: AwsService;
    /** What event sources read. */
    streamOf(arn: string): RecordStream<ChangeRecord> | undefined;
  };
  tables(): TableSummary[];
  /** Deletes expired items at once; otherwise that happens every second. */
  deleteExpired(): void;
}

/** DynamoDB in this process: see docs/adr/0012-dynamodb-in-process.md. */
export function startDynamoDb(context: DynamoDbContext): DynamoDbRoom {
  const { region, accountId, nowMs, database, throttleTables = false, setTimer = machineTimer } = context;
  const definitions = new DurableMap<TableDefinition>(database, 'dynamodb_tables');
  const journal = database && new TableJournal(database);
  const tables = new TableStore({
    region,
    accountId,
    onChange: (change) => {
      journal?.write(change.table.name, change.before, change.after);
      streams.record(change);
    },
  });
  for (const definition of definitions.values()) tables.add(definition);
  journal?.loadItems((tableName, item, key) => tables.find(tableName)?.restore(item, key));
  const streams = restoreStreams(tables, nowMs, journal);
  const dynamodb: DynamoDb = {
    tables,
    nowMs,
    throughput: throttleTables ? new Throughput(nowMs) : undefined,
    saveDefinition: (table) => {
      definitions.set(table.name, table.definition);
      streams.follow(table);
    },
    drop: (table) => {
      tables.remove(table.name);
      definitions.delete(table.name);
      journal?.forgetItems(table.name);
      streams.forget(table);
    },
  };
  const sweeper = new ExpirySweeper(tables, nowMs, setTimer);
  sweeper.start();
  return {
    service: byTableName({
      ...itemOperations(dynamodb),
      ...batchOperations(dynamodb),
      ...queryOperations(dynamodb),
      ...transactionOperations(dynamodb),
      ...tableOperations(dynamodb),
      ...tableSettingOperations(dynamodb),
    }),
    streams: {
      service: streamOperations(streams, tables, nowMs),
      streamOf: (arn) => streams.find(arn),
    },
    provision: (resources) => provisionTables(resources, dynamodb),
    tables: () => [...tables.values()].map(({ name, itemCount }) => ({ name, itemCount })),
    deleteExpired: () => sweeper.sweep(),
    close: () => {
      sweeper.close();
      definitions.flush();
      journal?.flush();
    },
  };
}

function restoreStreams(tables: TableStore, nowMs: () => number, journal: TableJournal | undefined): TableStreams {
  if (!journal) return new TableStreams(nowMs);
  journal.trim(nowMs() - RETENTION_MS);
  journal.flush();
  const records: [string, string, ChangeRecord][] = [];
  const last = journal.loadRecords((...record) => records.push(record));
  // The leading one only makes all numbers equally long.
  const streams = new TableStreams(nowMs, journal, last === undefined ? 0 : Number(last.slice(1)));
  for (const table of tables.values()) streams.follow(table);
  for (const [arn, shardId, record] of records) streams.find(arn)?.restore(shardId, record);
  return streams;
}

/** `TableName` may be an ARN: operations see the name. */
function byTableName(service: AwsService): AwsService {
  const named = ([name, operation]: [string, Operation]): [string, Operation] => [
    name,
    (input, call) => operation(withTableName(input), call),
  ];
  return Object.fromEntries(Object.entries(service).map(named));
}

function withTableName(input: Input): Input {
  const { TableName } = input;
  if (typeof TableName !== 'string' || !TableName.startsWith('arn:')) return input;
  return { ...input, TableName: tableNameOf(TableName) };
}
