import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Twin } from '../../local/twin/twin.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** The physical id of the one resource of a type whose construct path contains `part`. */
export function physicalId(twin: Twin, type: string, part: string): string {
  const found = twin.resources.filter((resource) => resource.type === type && resource.path.includes(part));
  if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} resources are ${type} ${part}`);
  return found[0].physicalId;
}

/** Looks behind the API: the tables of a twin, by the SDK. */
export function documentClientOf(twin: Twin): DynamoDBDocumentClient {
  const client = new DynamoDBClient({ endpoint: twin.awsEndpointUrl, region: 'us-east-1', credentials });
  return DynamoDBDocumentClient.from(client);
}

export function secretsClientOf(twin: Twin): SecretsManagerClient {
  return new SecretsManagerClient({ endpoint: twin.awsEndpointUrl, region: 'us-east-1', credentials });
}
