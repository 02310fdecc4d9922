import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { awsClientOptions } from '../../lambdas/adapters/aws-client-options.ts';
import { Tables } from '../../lambdas/contract/tables.ts';

/** dynalite has no types of its own. */
const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;

/** A DynamoDB in this process, with all tables of the contract, each named as in `Tables`. */
export interface LocalDynamoDb {
  readonly client: DynamoDBDocumentClient;
  close(): Promise<void>;
}

interface Keys {
  readonly partitionKey: string;
  readonly sortKey?: string;
}

export async function startLocalDynamoDb(): Promise<LocalDynamoDb> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const base = new DynamoDBClient({
    ...awsClientOptions(),
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await Promise.all(Object.entries(Tables).map(([name, table]) => base.send(createTable(name, table))));
  return {
    client: DynamoDBDocumentClient.from(base),
    async close() {
      base.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function createTable(name: string, table: Keys & { readonly byFollowee?: Keys & { readonly indexName: string } }) {
  const index = table.byFollowee;
  const attributes = new Set([...names(table), ...(index ? names(index) : [])]);
  return new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...attributes].map((attribute) => ({ AttributeName: attribute, AttributeType: 'S' })),
    KeySchema: keySchema(table),
    ...(index && {
      GlobalSecondaryIndexes: [
        { IndexName: index.indexName, KeySchema: keySchema(index), Projection: { ProjectionType: 'KEYS_ONLY' } },
      ],
    }),
  });
}

function names({ partitionKey, sortKey }: Keys): string[] {
  return sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
}

function keySchema(keys: Keys): KeySchemaElement[] {
  return names(keys).map((name, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' }));
}
