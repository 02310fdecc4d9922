import type { Input } from '../../aws-call.ts';
import { validationError } from '../dynamodb-error.ts';
import { type QueryRequest, readQuery, readScan, type ScanRequest } from '../input/read-many-input.ts';
import { keyAttributes } from '../storage/key-schema.ts';
import { KeySpace } from '../storage/key-space.ts';
import type { Keyed, SortedEntries } from '../storage/sorted-entries.ts';
import type { DynamoDb } from './dynamodb.ts';
import { keyRange } from './key-range.ts';
import { readPage, sourceOf } from './read-page.ts';
import { queryStart, scanStart } from './start-key.ts';

/** Query and Scan. */
export function queryOperations(dynamodb: DynamoDb) {
  return {
    Query: (input: Input) => query(dynamodb, readQuery(input)),
    Scan: (input: Input) => scan(dynamodb, readScan(input)),
  };
}

function query({ tables, throughput }: DynamoDb, request: QueryRequest): Record<string, unknown> {
  const source = sourceOf(tables.get(request.tableName), request);
  const { table, index } = source;
  const schema = index?.schema ?? table.schema;
  const { keyConditions: conditions, startKey, isDescending } = request;
  const range = keyRange(conditions, schema);
  const after = startKey && queryStart(startKey, { table, index, range, conditions });
  for (const { name } of keyAttributes(schema)) {
    if (!request.expressions.filter?.heads.has(name)) continue;
    throw validationError(
      `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`,
    );
  }
  const entries: SortedEntries<Keyed> | undefined = (index?.space ?? table.items).entriesOf(range.partition);
  const inRange = isDescending ? descending(entries, range, after) : ascending(entries, range, after);
  const { output, units } = readPage(source, inRange as Iterable<never>, request);
  throughput?.readMany(units, range.partition);
  return output;
}

function* ascending(
  entries: SortedEntries<Keyed> | undefined,
  { from, to }: { readonly from: string; readonly to: string | undefined },
  after: string | undefined,
): Generator<Keyed> {
  if (!entries) return;
  for (const entry of entries.ascending(after ?? from, after !== undefined)) {
    if (to !== undefined && entry.key >= to) return;
    yield entry;
  }
}

function* descending(
  entries: SortedEntries<Keyed> | undefined,
  { from, to }: { readonly from: string; readonly to: string | undefined },
  before: string | undefined,
): Generator<Keyed> {
  if (!entries) return;
  for (const entry of entries.descending(before ?? to)) {
    if (entry.key < from) return;
    yield entry;
  }
}

function scan({ tables, throughput }: DynamoDb, request: ScanRequest): Record<string, unknown> {
  const source = sourceOf(tables.get(request.tableName), request);
  const { table, index } = source;
  const { segment, totalSegments, startKey } = request;
  const after = startKey && scanStart(startKey, table, index);
  if (after && !KeySpace.isInSegment(after.partition, segment, totalSegments)) {
    throw validationError(
      'The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct ' +
        `Segment. TotalSegments: ${totalSegments} Segment: ${segment}`,
    );
  }
  const entries = (index?.space ?? table.items).scan(segment, totalSegments, after);
  const { output, units } = readPage(source, entries, request);
  throughput?.readMany(units, undefined);
  return output;
}
