import { CreateTableCommand, type ScalarAttributeType } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { Tables } from '../lambdas/contract/tables.ts';

type Item = Readonly<Record<string, unknown>>;

/** Key attributes and those of an index, by the letter of their type. */
interface TableShape {
  readonly key: readonly string[];
  readonly index?: { readonly name: string; readonly key: readonly string[] };
  readonly numbers?: readonly string[];
}

const { follows, notifications, analytics } = Tables;
const SHAPES = {
  follows: {
    key: [follows.partitionKey, follows.sortKey],
    index: { name: follows.byFollowee.indexName, key: [follows.byFollowee.partitionKey, follows.byFollowee.sortKey] },
  },
  notifications: { key: [notifications.partitionKey, notifications.sortKey] },
  analytics: {
    key: [analytics.partitionKey, analytics.sortKey],
    index: { name: analytics.byViews.indexName, key: [analytics.byViews.partitionKey, analytics.byViews.sortKey] },
    numbers: [analytics.byViews.sortKey],
  },
} satisfies Record<string, TableShape>;

/** Creates a table that is like one of the contract's. */
export async function createTable(
  client: DynamoDBDocumentClient,
  name: string,
  like: keyof typeof SHAPES,
): Promise<void> {
  const { key, index, numbers = [] }: TableShape = SHAPES[like];
  const typeOf = (attribute: string): ScalarAttributeType => (numbers.includes(attribute) ? 'N' : 'S');
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...new Set([...key, ...(index?.key ?? [])])].map((AttributeName) => ({
        AttributeName,
        AttributeType: typeOf(AttributeName),
      })),
      KeySchema: keySchema(key),
      ...(index && {
        GlobalSecondaryIndexes: [
          { IndexName: index.name, KeySchema: keySchema(index.key), Projection: { ProjectionType: 'KEYS_ONLY' } },
        ],
      }),
    }),
  );
}

/** Everything in a table. */
export async function itemsOf(client: DynamoDBDocumentClient, name: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: name })) items.push(...Items);
  return items;
}

function keySchema(attributes: readonly string[]) {
  return attributes.map((AttributeName, at) => ({
    AttributeName,
    KeyType: at === 0 ? ('HASH' as const) : ('RANGE' as const),
  }));
}
