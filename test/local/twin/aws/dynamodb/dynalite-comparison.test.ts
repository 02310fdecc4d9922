import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableInput } from './test-table.ts';
import { type Output, startTwoEngines, type TwoEngines } from './two-engines.ts';

let engines: TwoEngines;
let tables = 0;

beforeAll(async () => {
  engines = await startTwoEngines();
});
afterAll(() => engines.close());

const pk = fc.constantFrom('ada', 'grace', 'édith');
const sk = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(1.5, -2.25, 1e20, 1e-7)).map(String);
const text = fc.constantFrom('', 'a', 'ab', 'abc', 'b');
const number = fc.integer({ min: -9, max: 9 }).map(String);
const scalar = fc.oneof(
  text.map((S) => ({ S })),
  number.map((N) => ({ N })),
  fc.constantFrom({ BOOL: true }, { NULL: true }, { B: 'AQI=' }, { B: 'AQID' }),
);
const value: fc.Arbitrary<object> = fc.oneof(
  scalar,
  fc.uniqueArray(fc.constantFrom('a', 'ab', 'b'), { minLength: 1 }).map((SS) => ({ SS })),
  fc.uniqueArray(number, { minLength: 1, maxLength: 3 }).map((NS) => ({ NS })),
  fc.array(scalar, { maxLength: 3 }).map((L) => ({ L })),
  fc.record({ x: scalar, y: scalar }, { requiredKeys: [] }).map((M) => ({ M })),
);
const key = fc.record({ pk: pk.map((S) => ({ S })), sk: sk.map((N) => ({ N })) });
const attributes = fc.record(
  {
    group: fc.constantFrom({ S: 'red' }, { S: 'blue' }),
    score: number.map((N) => ({ N })),
    text: value,
    tags: fc.array(scalar, { maxLength: 3 }).map((L) => ({ L })),
    doc: fc.record({ x: value }, { requiredKeys: [] }).map((M) => ({ M })),
    count: fc.oneof({ arbitrary: number.map((N) => ({ N })), weight: 4 }, value),
  },
  { requiredKeys: [] },
);
const item = fc.tuple(key, attributes).map(([keys, rest]) => ({ ...keys, ...rest }));

/** dynalite compares lists and maps by identity, and gives sets an order: values of conditions are of other types. */
const operand = fc.oneof(
  scalar,
  fc.uniqueArray(fc.constantFrom('a', 'ab', 'b'), { minLength: 1 }).map((SS) => ({ SS })),
  fc.uniqueArray(number, { minLength: 1, maxLength: 3 }).map((NS) => ({ NS })),
);
const ordered = fc.oneof(
  text.map((S) => ({ S })),
  number.map((N) => ({ N })),
  fc.constantFrom({ B: 'AQI=' }, { B: 'AQID' }),
);
const ofOrder = fc.constantFrom(
  '#t < :v',
  'NOT #t >= :v',
  'score > :v',
  '#t BETWEEN :v AND :v',
  'size(#t) > :v',
  'begins_with(#t, :v)',
);
const ofAnyType = fc.constantFrom(
  'attribute_exists(pk)',
  'attribute_not_exists(pk)',
  '#t = :v',
  '#t <> :v OR attribute_exists(score)',
  'contains(#t, :v)',
  'contains(tags, :v)',
  'attribute_type(#t, :v)',
  '#t IN (:v, score)',
  '(#t = :v AND attribute_exists(score)) OR doc.x = :v',
  'tags[0] = :v',
  'begins_with(#t, :v)',
  '#t = ',
  'bogus(#t)',
  'pk = #missing',
  'text = :v',
);
/** A condition and what `:v` stands for: mistakes have to be the same too. */
const conditional: fc.Arbitrary<readonly [string | undefined, object]> = fc.oneof(
  fc.tuple(fc.constant(undefined), operand),
  fc.tuple(ofOrder, ordered),
  fc.tuple(ofAnyType, operand),
);
const update = fc.constantFrom(
  'SET #t = :v',
  'SET count_a = :v, doc.x = :v',
  'SET tags[1] = :v',
  'SET #c = #c + :v',
  'SET #c = if_not_exists(#c, :v) - :v',
  'SET tags = list_append(tags, :v)',
  'SET tags = list_append(if_not_exists(tags, :v), :v) REMOVE #t',
  'REMOVE tags[0], doc.x',
  'ADD #c :v',
  'ADD #t :v',
  'DELETE #t :v',
  'SET #t = nowhere',
  'SET pk = :v',
  'SET score = :v',
  'SET #t = :v, #t = :v',
  'SET #t = :v SET score = :v',
);

/** Only placeholders that an expression uses may be given. */
function placeholders(expression: string | undefined, v: object): object {
  if (expression === undefined) return {};
  const names = { ...(/#t/.test(expression) && { '#t': 'text' }), ...(/#c/.test(expression) && { '#c': 'count' }) };
  return {
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(expression.includes(':v') && { ExpressionAttributeValues: { ':v': v } }),
  };
}

type Step = readonly [operation: string, input: object];
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const put = fc
  .tuple(item, conditional)
  .map(
    ([Item, [ConditionExpression, v]]): Step => [
      'PutItem',
      { Item, ConditionExpression, ReturnValues: 'ALL_OLD', ...placeholders(ConditionExpression, v) },
    ],
  );
const remove = fc
  .tuple(key, conditional)
  .map(
    ([Key, [ConditionExpression, v]]): Step => [
      'DeleteItem',
      { Key, ConditionExpression, ReturnValues: 'ALL_OLD', ...placeholders(ConditionExpression, v) },
    ],
  );
const change = fc
  .tuple(key, update, value, fc.constantFrom('ALL_NEW', 'ALL_OLD', 'UPDATED_NEW', 'UPDATED_OLD', 'NONE'))
  .map(
    ([Key, UpdateExpression, v, ReturnValues]): Step => [
      'UpdateItem',
      { Key, UpdateExpression, ReturnValues, ...placeholders(UpdateExpression, v) },
    ],
  );
const get = fc
  .tuple(key, maybe(fc.constantFrom('pk, score', 'tags[1], doc.x', '#t', 'tags[0].x, tags[2]', 'pk, pk', 'text')))
  .map(
    ([Key, ProjectionExpression]): Step => [
      'GetItem',
      { Key, ProjectionExpression, ...placeholders(ProjectionExpression, {}) },
    ],
  );
const filter = maybe(fc.constantFrom('#t = :v', 'score > :v', 'attribute_exists(#t)', 'pk = :v'));
const query = fc
  .record({
    range: fc.constantFrom('=', '<', '<=', '>', '>=', 'between', undefined),
    pk,
    sk,
    isDescending: fc.boolean(),
    filter,
    v: ordered,
    index: fc.constantFrom(undefined, 'byScore'),
  })
  .map((choice): Step => {
    const { range, index, isDescending } = choice;
    const name = index ? 'score' : 'sk';
    const sort =
      range === undefined ? '' : range === 'between' ? ` AND ${name} BETWEEN :s AND :s` : ` AND ${name} ${range} :s`;
    const { ExpressionAttributeNames, ExpressionAttributeValues } = placeholders(choice.filter, choice.v) as Record<
      string,
      object
    >;
    return [
      'Query',
      {
        IndexName: index,
        KeyConditionExpression: `pk = :p${sort}`,
        FilterExpression: choice.filter,
        ScanIndexForward: !isDescending,
        ExpressionAttributeNames,
        ExpressionAttributeValues: {
          ':p': { S: choice.pk },
          ...(range !== undefined && { ':s': { N: choice.sk } }),
          ...ExpressionAttributeValues,
        },
      },
    ];
  });
const queryIndex = fc.tuple(fc.constantFrom('red', 'blue'), number, fc.constantFrom('<', '>=', '=')).map(
  ([S, N, operator]): Step => [
    'Query',
    {
      IndexName: 'byGroup',
      KeyConditionExpression: `#g = :g AND score ${operator} :r`,
      ExpressionAttributeNames: { '#g': 'group' },
      ExpressionAttributeValues: { ':g': { S }, ':r': { N } },
    },
  ],
);
const scan = fc
  .tuple(filter, ordered, fc.constantFrom(undefined, 'byGroup'))
  .map(
    ([FilterExpression, v, IndexName]): Step => [
      'Scan',
      { FilterExpression, IndexName, ...placeholders(FilterExpression, v) },
    ],
  );
const batch = fc
  .array(
    fc.oneof(
      item.map((Item) => ({ PutRequest: { Item } })),
      key.map((Key) => ({ DeleteRequest: { Key } })),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((requests): Step => ['BatchWriteItem', { requests }]);
const legacy = fc
  .tuple(
    key,
    ordered,
    fc.constantFrom('EQ', 'NE', 'LT', 'CONTAINS', 'BEGINS_WITH', 'NULL'),
    fc.constantFrom('PUT', 'ADD', 'DELETE'),
  )
  .map(
    ([Key, v, ComparisonOperator, Action]): Step => [
      'UpdateItem',
      {
        Key,
        AttributeUpdates: { extra: { Action, Value: v } },
        Expected: {
          text: { ComparisonOperator, ...(ComparisonOperator !== 'NULL' && { AttributeValueList: [v] }) },
        },
        ReturnValues: 'ALL_NEW',
      },
    ],
  );

/** An answer in a form that does not depend on what DynamoDB leaves open: the order of scans, sets and equal index keys. */
function comparable(output: Output): Output {
  const { Items, ...rest } = output;
  const canonical = JSON.parse(JSON.stringify(rest, sortSets)) as Output;
  if (!Array.isArray(Items)) return canonical;
  return { ...canonical, Items: Items.map((each) => sortedText(each)).sort() };
}

function sortSets(name: string, content: unknown): unknown {
  return /^(SS|NS|BS)$/.test(name) && Array.isArray(content) ? [...content].sort() : content;
}

function sortedText(content: unknown): string {
  return JSON.stringify(content, (name, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return sortSets(name, inner);
    return Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}

async function compareSteps(steps: readonly Step[]): Promise<void> {
  tables += 1;
  const TableName = `compared-${tables}`;
  const calls: Step[] = [['CreateTable', tableInput(TableName)]];
  for (const [operation, input] of steps) {
    const { requests, ...rest } = input as { readonly requests?: object[] };
    calls.push([operation, requests ? { RequestItems: { [TableName]: requests } } : { TableName, ...rest }]);
  }
  calls.push(['Scan', { TableName }]);
  for (const [operation, input] of calls) {
    const [twin, peer] = [await engines.twin(operation, input), await engines.peer(operation, input)];
    if (operation === 'CreateTable') {
      await engines.untilActive(TableName);
      continue;
    }
    expect({ operation, input, output: comparable(twin) }).toEqual({ operation, input, output: comparable(peer) });
  }
}

describe('the engine, compared with dynalite', () => {
  it('answers random writes, reads and mistakes alike', { timeout: 60_000 }, async () => {
    const step = fc.oneof(
      { arbitrary: put, weight: 4 },
      change,
      change,
      remove,
      get,
      query,
      queryIndex,
      scan,
      batch,
      legacy,
    );
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), compareSteps), { numRuns: 50 });
  });
});
