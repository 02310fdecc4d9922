import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { awsClientOptions } from './aws-client-options.ts';

/** The DynamoDB client of one Lambda environment: create it once, outside the handler, so that connections are reused. */
export function createDocumentClient(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient(awsClientOptions()), {
    // An optional attribute that is undefined is left out rather than refused.
    marshallOptions: { removeUndefinedValues: true },
  });
}
