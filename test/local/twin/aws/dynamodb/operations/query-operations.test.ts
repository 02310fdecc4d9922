import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorOf, type TestRoom, tableInput, testRoom } from '../test-table.ts';

const TableName = 'scores';

interface Page {
  readonly Items: readonly { readonly pk: { readonly S: string }; readonly sk: { readonly N: string } }[];
  readonly Count: number;
  readonly ScannedCount: number;
  readonly LastEvaluatedKey?: object;
  readonly ConsumedCapacity?: object;
}

function scores(count = 20): TestRoom {
  const test = testRoom();
  test.call('CreateTable', tableInput(TableName));
  for (let at = 0; at < count; at += 1) {
    const Item = {
      pk: { S: `p${at % 3}` },
      sk: { N: String(at) },
      group: { S: 'all' },
      score: { N: String((at * 7) % 5) },
      text: { S: 'x'.repeat(100) },
      hidden: { S: 'h' },
    };
    test.call('PutItem', { TableName, Item });
  }
  return test;
}

/** Every page of a Query or Scan. */
function pages({ call }: TestRoom, operation: string, input: object): Page[] {
  const found: Page[] = [];
  let ExclusiveStartKey: object | undefined;
  do {
    const page: Page = call(operation, { TableName, ...input, ...(ExclusiveStartKey && { ExclusiveStartKey }) });
    found.push(page);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
}

const keysOf = (found: readonly Page[]) => found.flatMap(({ Items }) => Items.map(({ pk, sk }) => `${pk.S} ${sk.N}`));

describe('reads of many items', () => {
  it('have each item once, in pages of any size, forwards and backwards, of the table and of its indexes', () => {
    const test = scores();
    const sources = fc.constantFrom(
      { operation: 'Scan', input: {} },
      { operation: 'Scan', input: { IndexName: 'byGroup' } },
      ...[undefined, 'byScore'].map((IndexName) => ({
        operation: 'Query',
        input: {
          ...(IndexName && { IndexName }),
          KeyConditionExpression: 'pk = :p',
          ExpressionAttributeValues: { ':p': { S: 'p1' } },
        },
      })),
      {
        operation: 'Query',
        input: {
          IndexName: 'byGroup',
          KeyConditionExpression: '#g = :g AND score >= :s',
          ExpressionAttributeNames: { '#g': 'group' },
          ExpressionAttributeValues: { ':g': { S: 'all' }, ':s': { N: '2' } },
        },
      },
    );
    fc.assert(
      fc.property(sources, fc.integer({ min: 1, max: 25 }), fc.boolean(), ({ operation, input }, Limit, isForward) => {
        const direction = operation === 'Query' ? { ScanIndexForward: isForward } : {};
        const whole = keysOf(pages(test, operation, { ...input, ...direction }));
        expect(keysOf(pages(test, operation, { ...input, ...direction, Limit }))).toEqual(whole);
        expect(new Set(whole).size).toBe(whole.length);
        if (operation === 'Query') {
          const other = keysOf(pages(test, operation, { ...input, ScanIndexForward: !isForward }));
          expect(other).toEqual(whole.toReversed());
        }
      }),
      { numRuns: 60 },
    );
  });

  it('scan every item once in parallel segments', () => {
    const test = scores();
    const found = [0, 1, 2, 3].flatMap((Segment) =>
      keysOf(pages(test, 'Scan', { Segment, TotalSegments: 4, Limit: 2 })),
    );
    expect(found.toSorted()).toEqual(keysOf(pages(test, 'Scan', {})).toSorted());
  });

  it('count before and after the filter', () => {
    const [page] = pages(scores(), 'Scan', {
      FilterExpression: 'score = :s',
      ExpressionAttributeValues: { ':s': { N: '0' } },
      Select: 'COUNT',
    });
    expect(page).toEqual({ Count: 4, ScannedCount: 20 });
  });

  it('fetch from the table what a local index does not project, and charge for it', () => {
    const { call } = scores();
    const query = (more: object) =>
      call<Page>('Query', {
        TableName,
        IndexName: 'byScore',
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': { S: 'p1' } },
        ReturnConsumedCapacity: 'INDEXES',
        Limit: 4,
        ...more,
      });
    expect(Object.keys(query({}).Items[0] ?? {}).toSorted()).toEqual(['pk', 'score', 'sk', 'text']);
    expect(query({}).ConsumedCapacity).toMatchObject({ CapacityUnits: 0.5 });
    const all = query({ Select: 'ALL_ATTRIBUTES' });
    expect(Object.keys(all.Items[0] ?? {})).toContain('hidden');
    expect(all.ConsumedCapacity).toEqual({
      TableName,
      CapacityUnits: 2.5,
      Table: { CapacityUnits: 2 },
      LocalSecondaryIndexes: { byScore: { CapacityUnits: 0.5 } },
    });
  });

  for (const [what, operation, input, message] of [
    [
      'a start key of another partition',
      'Query',
      {
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': { S: 'p1' } },
        ExclusiveStartKey: { pk: { S: 'p2' }, sk: { N: '2' } },
      },
      'The provided starting key is outside query boundaries based on provided conditions',
    ],
    [
      'a start key outside of the range',
      'Query',
      {
        KeyConditionExpression: 'pk = :p AND sk > :s',
        ExpressionAttributeValues: { ':p': { S: 'p1' }, ':s': { N: '5' } },
        ExclusiveStartKey: { pk: { S: 'p1' }, sk: { N: '2' } },
      },
      'The provided starting key does not match the range key predicate',
    ],
    [
      'a filter on a key',
      'Query',
      {
        KeyConditionExpression: 'pk = :p',
        FilterExpression: 'sk = :s',
        ExpressionAttributeValues: { ':p': { S: 'p1' }, ':s': { N: '5' } },
      },
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
    ],
    [
      'projected attributes without an index',
      'Scan',
      { Select: 'ALL_PROJECTED_ATTRIBUTES' },
      'One or more parameter values were invalid: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName',
    ],
    [
      'a segment that is not there',
      'Scan',
      { Segment: 4, TotalSegments: 4 },
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 4 is not less than TotalSegments: 4',
    ],
  ] as const) {
    it(`fail for ${what}`, () => {
      const { call } = scores(3);
      expect(errorOf(() => call(operation, { TableName, ...input })).message).toBe(message);
    });
  }
});
