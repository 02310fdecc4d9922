import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Tables } from '../../lambdas/contract/tables.ts';
import { OWNER } from '../../local/twin/aws/principal.ts';
import { startAws } from '../../local/twin/aws/start-aws.ts';
import type { LocalDynamoDb } from './local-dynamodb.ts';
import { accountId, region, resource } from './running-aws.ts';

/** The twin's DynamoDB, which knows transactions, with these tables of the contract, each named as in `Tables`. */
export async function startTwinDynamoDb(...names: (keyof typeof Tables)[]): Promise<LocalDynamoDb> {
  const aws = await startAws({
    region,
    accountId,
    nowMs: Date.now,
    log: () => {},
    invoke: async () => ({ ok: true, payload: null }),
    invokeAsync: async () => ({ ok: true }),
    database: undefined,
    principalOf: () => OWNER,
    secretOf: () => undefined,
    authorize: () => {},
  });
  await aws.provision(names.map(tableResource));
  const base = new DynamoDBClient({
    endpoint: aws.url,
    region,
    credentials: { accessKeyId: 'ASIATWIN000000000001', secretAccessKey: 'twin', sessionToken: 'twin' },
    maxAttempts: 1,
  });
  return {
    client: DynamoDBDocumentClient.from(base, { marshallOptions: { removeUndefinedValues: true } }),
    async close() {
      base.destroy();
      await aws.close();
    },
  };
}

function tableResource(name: keyof typeof Tables) {
  const table: { readonly partitionKey: string; readonly sortKey?: string; readonly byFollowee?: FollowerIndex } =
    Tables[name];
  const index = table.byFollowee;
  const keys = [table.partitionKey, ...(table.sortKey === undefined ? [] : [table.sortKey])];
  const indexKeys = index === undefined ? [] : [index.partitionKey, index.sortKey];
  const schema = (attributes: readonly string[]) =>
    attributes.map((AttributeName, at) => ({ AttributeName, KeyType: at === 0 ? 'HASH' : 'RANGE' }));
  return resource('AWS::DynamoDB::GlobalTable', name, {
    AttributeDefinitions: [...new Set([...keys, ...indexKeys])].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: schema(keys),
    BillingMode: 'PAY_PER_REQUEST',
    ...(index && {
      GlobalSecondaryIndexes: [
        { IndexName: index.indexName, KeySchema: schema(indexKeys), Projection: { ProjectionType: 'KEYS_ONLY' } },
      ],
    }),
    Replicas: [{ Region: region }],
  });
}

type FollowerIndex = typeof Tables.follows.byFollowee;
