import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Tables } from '../../lambdas/contract/tables.ts';
import { type RunningAws, runAws } from './running-aws.ts';

export const ANALYTICS_TABLE = 'analytics';

/** The twin's DynamoDB, which has transactions, with the table of the counts. */
export interface AnalyticsDatabase {
  readonly client: DynamoDBDocumentClient;
  close(): Promise<void>;
}

export async function startAnalyticsDatabase(): Promise<AnalyticsDatabase> {
  const running: RunningAws = await runAws();
  const base = new DynamoDBClient(running.clientOptions());
  const { partitionKey, sortKey, byViews } = Tables.analytics;
  await base.send(
    new CreateTableCommand({
      TableName: ANALYTICS_TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: partitionKey, AttributeType: 'S' },
        { AttributeName: sortKey, AttributeType: 'S' },
        { AttributeName: byViews.sortKey, AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: partitionKey, KeyType: 'HASH' },
        { AttributeName: sortKey, KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: byViews.indexName,
          KeySchema: [
            { AttributeName: byViews.partitionKey, KeyType: 'HASH' },
            { AttributeName: byViews.sortKey, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  return {
    client: DynamoDBDocumentClient.from(base),
    async close() {
      base.destroy();
      await running.aws.close();
    },
  };
}
