import type { Input } from '../../aws-call.ts';
import { AwsError } from '../../aws-error.ts';
import { validationError } from '../dynamodb-error.ts';
import { projectItem } from '../expressions/project-item.ts';
import {
  readTransactGet,
  readTransactWrite,
  type TransactWrite,
  type TransactWriteRequest,
} from '../input/transaction-input.ts';
import { itemKey, requestedKey } from '../storage/key-schema.ts';
import type { IndexChange } from '../storage/secondary-index.ts';
import type { Table } from '../storage/table.ts';
import type { Item } from '../values/attribute-value.ts';
import { itemBytes, readUnits } from '../values/item-size.ts';
import { batchCapacity } from './batch-operations.ts';
import { addIndexUnits, type Consumed, consumed } from './consumed-capacity.ts';
import type { DynamoDb } from './dynamodb.ts';
import { RequestTokens } from './request-tokens.ts';
import {
  commit,
  indexChanges,
  planCheck,
  planDelete,
  planPut,
  planUpdate,
  type WritePlan,
  writeConsumption,
} from './write-plan.ts';

/** Preparing and committing take a unit each. */
const UNITS_FACTOR = 2;
const BYTES_MAX = 4 * 1024 * 1024;

interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

const FINE: Reason = { Code: 'None' };

/**
 * TransactWriteItems and TransactGetItems. Nothing awaits between the first check and the last write, so that a transaction is
 * atomic and isolated, and never meets another: there is no TransactionConflict.
 */
export function transactionOperations(dynamodb: DynamoDb) {
  const tokens = new RequestTokens(dynamodb.nowMs);
  return {
    TransactWriteItems: (input: Input) => {
      const request = readTransactWrite(input);
      const { token } = request;
      if (token !== undefined && tokens.isRepeated(token, request.writes)) return repeatedAnswer(dynamodb, request);
      const output = transactWrite(dynamodb, request);
      if (token !== undefined) tokens.remember(token, request.writes);
      return output;
    },
    TransactGetItems: (input: Input) => transactGet(dynamodb, input),
  };
}

function transactWrite(dynamodb: DynamoDb, { writes, capacity }: TransactWriteRequest): Record<string, unknown> {
  const targets = writes.map((write) => ({ write, table: dynamodb.tables.get(write.tableName) }));
  const outcomes = targets.map(({ write, table }) => attempt(() => plan(table, write)));
  const plans = outcomes.flatMap(({ value }) => value ?? []);
  checkDistinct(plans);
  if (plans.reduce((sum, { after }) => sum + (after?.bytes ?? 0), 0) > BYTES_MAX) {
    throw validationError('Collection of items in a TransactWriteItems request has exceeded the maximum size of 4 MB');
  }
  const reasons = outcomes.map(({ value, reason }, at): Reason => {
    if (!value) return reason ?? FINE;
    if (value.isAllowed) return FINE;
    const returned = writes[at]?.returnsItemOnFailure ? value.before : undefined;
    const failed = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
    return returned ? { ...failed, Item: returned.item } : failed;
  });
  cancelIfAny(reasons);
  const changes = dynamodb.throughput || capacity !== 'NONE' ? plans.map(indexChanges) : [];
  if (dynamodb.throughput) takeUnits(dynamodb.throughput, plans, changes);
  for (const each of plans) commit(each);
  if (capacity === 'NONE') return {};
  const capacities = new Map<Table, Consumed>();
  for (const [at, each] of plans.entries()) addTwice(capacities, writeConsumption(each, changes[at] ?? []));
  return batchCapacity(capacities, capacity, 'Write');
}

function plan(table: Table, write: TransactWrite): WritePlan {
  switch (write.kind) {
    case 'Put':
      return planPut(table, write);
    case 'Update':
      return planUpdate(table, write);
    case 'Delete':
      return planDelete(table, write);
    default:
      return planCheck(table, write);
  }
}

/** What is wrong with one action is a reason to cancel all of them. */
function attempt<T>(run: () => T): { readonly value?: T; readonly reason?: Reason } {
  try {
    return { value: run() };
  } catch (error) {
    if (!(error instanceof AwsError) || error.type !== 'ValidationException') throw error;
    return { reason: { Code: 'ValidationError', Message: error.message } };
  }
}

function checkDistinct(plans: readonly WritePlan[]): void {
  const places = new Set(plans.map(({ table, key }) => JSON.stringify([table.name, key.partition, key.sort])));
  if (places.size === plans.length) return;
  throw validationError('Transaction request cannot include multiple operations on one item');
}

function cancelIfAny(reasons: readonly Reason[]): void {
  if (reasons.every((reason) => reason === FINE)) return;
  throw new AwsError(
    'TransactionCanceledException',
    'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
      `[${reasons.map(({ Code }) => Code).join(', ')}]`,
    { members: { CancellationReasons: reasons } },
  );
}

function takeUnits(
  throughput: NonNullable<DynamoDb['throughput']>,
  plans: readonly WritePlan[],
  changes: readonly (readonly IndexChange[])[],
): void {
  const draws = plans.map((each, at) => throughput.writeDraws(each, changes[at] ?? [], UNITS_FACTOR));
  const refused = throughput.takeTogether(draws);
  if (!refused) return;
  const reason = throttlingReason(refused.error);
  cancelIfAny(plans.map((_, at) => (at === refused.at ? reason : FINE)));
}

function throttlingReason({ type, message }: AwsError): Reason {
  const Code = type === 'ThrottlingException' ? 'ThrottlingError' : 'ProvisionedThroughputExceeded';
  return { Code, Message: message };
}

function transactGet(dynamodb: DynamoDb, input: Input): Record<string, unknown> {
  const { gets, capacity } = readTransactGet(input);
  const targets = gets.map((get) => ({ get, table: dynamodb.tables.get(get.tableName) }));
  const places = targets.map(({ get, table }) => attempt(() => ({ table, key: requestedKey(get.key, table.schema) })));
  const keys = places.flatMap(({ value }) => (value ? [JSON.stringify([value.table.name, value.key])] : []));
  if (new Set(keys).size < keys.length) {
    throw validationError('Transaction request cannot include multiple operations on one item');
  }
  cancelIfAny(places.map(({ reason }) => reason ?? FINE));
  const capacities = new Map<Table, Consumed>();
  const Responses = places.map(({ value }, at) => {
    const found = value?.table.get(value.key);
    if (value) {
      const units = readUnits(found?.bytes ?? 0, true) * UNITS_FACTOR;
      try {
        dynamodb.throughput?.read(value.table, undefined, value.key.partition, units);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const reason = throttlingReason(error);
        cancelIfAny(places.map((_, other) => (other === at ? reason : FINE)));
      }
      addUnits(capacities, consumed(value.table, units), 1);
    }
    const projection = gets[at]?.expressions.projection;
    if (!found) return {};
    return { Item: projection ? projectItem(found.item, projection.paths) : found.item };
  });
  const bytes = Responses.reduce((sum, { Item }) => sum + (Item ? itemBytes(Item) : 0), 0);
  if (bytes > BYTES_MAX) {
    throw validationError('Collection of items in a TransactGetItems request has exceeded the maximum size of 4 MB');
  }
  return { Responses, ...batchCapacity(capacities, capacity, 'Read') };
}

/** A repeated transaction changes nothing; it only reads what it has written. */
function repeatedAnswer(dynamodb: DynamoDb, { writes, capacity }: TransactWriteRequest): Record<string, unknown> {
  if (capacity === 'NONE') return {};
  const capacities = new Map<Table, Consumed>();
  for (const write of writes) {
    const table = dynamodb.tables.get(write.tableName);
    const place = write.kind === 'Put' ? itemKey(write.item, table.schema) : requestedKey(write.key, table.schema);
    const found = table.get(place);
    addUnits(capacities, consumed(table, readUnits(found?.bytes ?? 0, true)), UNITS_FACTOR);
  }
  return batchCapacity(capacities, capacity, 'Read');
}

function addTwice(capacities: Map<Table, Consumed>, units: Consumed): void {
  addUnits(capacities, units, UNITS_FACTOR);
}

function addUnits(capacities: Map<Table, Consumed>, { table, units, indexUnits }: Consumed, factor: number): void {
  const total = capacities.get(table) ?? consumed(table);
  total.units += units * factor;
  for (const [index, amount] of indexUnits) addIndexUnits(total, index, amount * factor);
  capacities.set(table, total);
}
