import { AwsError } from '../../aws-error.ts';
import { invalidParameter, validationError } from '../dynamodb-error.ts';
import { applyUpdate, checkLeavesKeys } from '../expressions/apply-update.ts';
import { satisfies } from '../expressions/evaluate-condition.ts';
import type { Expressions } from '../expressions/expression.ts';
import type { KeyedWriteRequest, PutRequest } from '../input/item-input.ts';
import { type ItemKey, itemKey, keyAttributes, requestedKey } from '../storage/key-schema.ts';
import type { IndexChange } from '../storage/secondary-index.ts';
import { type StoredItem, storedItem } from '../storage/stored-item.ts';
import type { Table } from '../storage/table.ts';
import { type Item, typeOf } from '../values/attribute-value.ts';
import { ITEM_BYTES_MAX, writeUnits } from '../values/item-size.ts';
import { addIndexUnits, type Consumed, consumed } from './consumed-capacity.ts';

/** A write that was found to be possible, but not yet made: transactions make all of theirs, or none. */
export interface WritePlan {
  readonly table: Table;
  readonly key: ItemKey;
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
  /** Whether the item satisfies the condition of the request. */
  readonly isAllowed: boolean;
}

const NO_ITEM: Item = {};

/** @throws AwsError ValidationException */
export function planPut(table: Table, { item, expressions }: PutRequest): WritePlan {
  table.check(item);
  const key = itemKey(item, table.schema);
  const before = table.get(key);
  return { table, key, before, after: storedItem(item, key), isAllowed: isAllowed(before, expressions) };
}

/** @throws AwsError ValidationException */
export function planDelete(table: Table, { key: requested, expressions }: KeyedWriteRequest): WritePlan {
  const key = requestedKey(requested, table.schema);
  const before = table.get(key);
  return { table, key, before, after: undefined, isAllowed: isAllowed(before, expressions) };
}

/** A condition on an item that stays as it is. @throws AwsError ValidationException */
export function planCheck(table: Table, request: KeyedWriteRequest): WritePlan {
  const plan = planDelete(table, request);
  return { ...plan, after: plan.before };
}

/** @throws AwsError ValidationException */
export function planUpdate(table: Table, { key: requested, expressions }: KeyedWriteRequest): WritePlan {
  const key = requestedKey(requested, table.schema);
  const { update } = expressions;
  if (update) checkUpdate(table, update, requested);
  const before = table.get(key);
  if (!isAllowed(before, expressions)) return { table, key, before, after: before, isAllowed: false };
  const old = before?.item ?? requested;
  const item = update ? applyUpdate(old, update.actions, expressions.values) : old;
  const after = storedItem(item, key);
  if (after.bytes > ITEM_BYTES_MAX) {
    throw validationError('Item size to update has exceeded the maximum allowed size');
  }
  checkIndexTypes(table, item);
  table.checkIndexes(item);
  return { table, key, before, after, isAllowed: true };
}

/** Makes a planned write. A check of a condition, or an item that is not there to delete, has none to make. */
export function commit({ table, key, before, after }: WritePlan): void {
  if (before !== after) table.write(key, after);
}

/** What a plan consumes: the larger of both sizes, and what it changes in indexes. */
export function writeConsumption(plan: WritePlan, changes: readonly IndexChange[]): Consumed {
  const total = consumed(plan.table, writeUnits(Math.max(plan.before?.bytes ?? 0, plan.after?.bytes ?? 0)));
  for (const { index, units } of changes) addIndexUnits(total, index, units);
  return total;
}

/** What a plan changes in the indexes of its table. */
export function indexChanges({ table, before, after, isAllowed }: WritePlan): IndexChange[] {
  const changes: IndexChange[] = [];
  if (isAllowed && before !== after) for (const index of table.indexes) changes.push(...index.changeOf(before, after));
  return changes;
}

/** @throws AwsError ConditionalCheckFailedException */
export function refuseIfNotAllowed({ isAllowed, before }: WritePlan, returnsItem: boolean): void {
  if (isAllowed) return;
  throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', {
    members: returnsItem && before ? { Item: before.item } : {},
  });
}

function isAllowed(before: StoredItem | undefined, { condition, values }: Expressions): boolean {
  return !condition || satisfies(before?.item ?? NO_ITEM, condition.condition, values);
}

function checkUpdate(table: Table, update: NonNullable<Expressions['update']>, key: Item): void {
  checkLeavesKeys(update.actions, key);
  for (const index of table.indexes) {
    for (const { name, type } of keyAttributes(index.schema)) {
      const given = update.types.get(name);
      if (given === undefined || given === type) continue;
      throw invalidParameter(
        `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${given} IndexName: ${index.name}`,
      );
    }
  }
  checkNested(table, update.nested);
}

/** Keys are no documents. @throws AwsError ValidationException */
export function checkNested(table: Table, nested: readonly string[]): void {
  if (nested.length === 0) return;
  const refuse = (kind: string, name: string) => {
    if (!nested.includes(name)) return;
    throw validationError(
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: " +
        `${kind}: ${name}`,
    );
  };
  for (const { name } of table.keys) refuse('Key', name);
  for (const index of table.indexes) for (const { name } of keyAttributes(index.schema)) refuse('IndexKey', name);
}

function checkIndexTypes(table: Table, item: Item): void {
  for (const index of table.indexes) {
    for (const { name, type } of keyAttributes(index.schema)) {
      const value = item[name];
      if (!value || typeOf(value) === type) continue;
      throw validationError('The update expression attempted to update the secondary index key to unsupported type');
    }
  }
}
