import { invalidParameter, validationError } from '../dynamodb-error.ts';
import { satisfies } from '../expressions/evaluate-condition.ts';
import { projectItem } from '../expressions/project-item.ts';
import type { ReadManyRequest } from '../input/read-many-input.ts';
import { pickKeys } from '../storage/key-schema.ts';
import type { IndexEntry, SecondaryIndex } from '../storage/secondary-index.ts';
import type { StoredItem } from '../storage/stored-item.ts';
import type { Table } from '../storage/table.ts';
import type { Item } from '../values/attribute-value.ts';
import { readUnits } from '../values/item-size.ts';
import { addIndexUnits, type Consumed, consumed, consumedCapacity } from './consumed-capacity.ts';
import { startKeyAttributes } from './start-key.ts';
import { checkNested } from './write-plan.ts';

/** A page ends before it has read more than 1 MB. */
const PAGE_BYTES_MAX = 1024 * 1024;

/** What a Query or Scan reads: the table, or one of its indexes. */
export interface Source {
  readonly table: Table;
  readonly index: SecondaryIndex | undefined;
}

/** @throws AwsError ResourceNotFoundException, ValidationException */
export function sourceOf(table: Table, { indexName, isConsistent, select, expressions }: ReadManyRequest): Source {
  if (indexName === undefined) return checked(undefined);
  const index = table.index(indexName);
  if (!index) throw validationError(`The table does not have the specified index: ${indexName}`);
  if (!index.isGlobal) return checked(index);
  if (isConsistent) throw validationError('Consistent reads are not supported on global secondary indexes');
  if (index.projected && select === 'ALL_ATTRIBUTES') {
    throw invalidParameter(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${indexName} ` +
        'because its projection type is not ALL',
    );
  }
  const missing = expressions.projection?.paths.map(([name]) => String(name)).filter((name) => isMissing(index, name));
  if (missing?.length) {
    throw invalidParameter(`Global secondary index ${indexName} does not project [${missing.join(', ')}]`);
  }
  return checked(index);

  function checked(found: SecondaryIndex | undefined): Source {
    checkNested(table, expressions.projection?.nested ?? []);
    checkNested(table, expressions.filter?.nested ?? []);
    return { table, index: found };
  }
}

/** One page of what `entries` yields, and what it consumed. */
export function readPage(
  { table, index }: Source,
  entries: Iterable<StoredItem | IndexEntry>,
  request: ReadManyRequest,
): { readonly output: Record<string, unknown>; readonly units: Consumed } {
  const { limit, select, isConsistent, expressions, capacity } = request;
  const { filter, projection, values } = expressions;
  const fetches = index !== undefined && fetchesFromTable(index, request);
  const items: Item[] = [];
  let [scanned, count, bytes, fetchedUnits] = [0, 0, 0, 0];
  let last: StoredItem | undefined;
  let isComplete = true;
  for (const entry of entries) {
    const stored = 'stored' in entry ? entry.stored : entry;
    const size = index ? index.bytesOf(stored) : stored.bytes;
    if (scanned > 0 && bytes + size > PAGE_BYTES_MAX) {
      isComplete = false;
      break;
    }
    scanned += 1;
    bytes += size;
    last = stored;
    if (fetches) fetchedUnits += readUnits(stored.bytes, isConsistent);
    const visible = index && !fetches ? index.project(stored.item) : stored.item;
    if (!filter || satisfies(visible, filter.condition, values)) {
      count += 1;
      if (select !== 'COUNT') items.push(projection ? projectItem(visible, projection.paths) : visible);
    }
    if (scanned === limit) {
      isComplete = false;
      break;
    }
  }
  const units = consumed(table, fetchedUnits);
  if (index) addIndexUnits(units, index, readUnits(bytes, isConsistent));
  else units.units = readUnits(bytes, isConsistent);
  const output: Record<string, unknown> = { Count: count, ScannedCount: scanned };
  if (select !== 'COUNT') output.Items = items;
  if (!isComplete && last) output.LastEvaluatedKey = pickKeys(last.item, startKeyAttributes(table, index));
  if (capacity !== 'NONE') output.ConsumedCapacity = consumedCapacity(units, capacity);
  return { output, units };
}

/** A local index gets from the table what it does not project. */
function fetchesFromTable(index: SecondaryIndex, { select, expressions }: ReadManyRequest): boolean {
  if (index.isGlobal || !index.projected) return false;
  if (select === 'ALL_ATTRIBUTES') return true;
  return expressions.projection?.paths.some(([name]) => isMissing(index, String(name))) ?? false;
}

function isMissing(index: SecondaryIndex, name: string): boolean {
  return index.projected !== undefined && !index.projected.has(name);
}
