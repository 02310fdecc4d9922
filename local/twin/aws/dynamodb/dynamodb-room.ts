import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import type { AwsService, Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import type { AwsContext, AwsRoom } from '../aws-room.ts';
import { provisionTables } from './provision-tables.ts';

const require = createRequire(import.meta.url);
const OPERATIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
  'UpdateTable',
];

/** DynamoDB by dynalite. */
export async function startDynamoDb({ region, accountId }: AwsContext): Promise<AwsRoom> {
  const dynalite = require('dynalite') as (options: Record<string, number>) => Server;
  const { AWS_REGION, AWS_ACCOUNT_ID } = process.env;
  Object.assign(process.env, { AWS_REGION: region, AWS_ACCOUNT_ID: accountId });
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  restore('AWS_REGION', AWS_REGION);
  restore('AWS_ACCOUNT_ID', AWS_ACCOUNT_ID);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const forward = async (operation: string, input: Input): Promise<unknown> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': `DynamoDB_20120810.${operation}`,
        'X-Amz-Date': '20260101T000000Z',
        Authorization:
          'AWS4-HMAC-SHA256 Credential=T/20260101/r/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify(input),
    });
    const output = (await response.json()) as Record<string, unknown>;
    if (response.ok) return output;
    throw new AwsError(String(output.__type), String(output.message ?? output.Message ?? ''), {
      statusCode: response.status,
    });
  };
  const service: AwsService = Object.fromEntries(
    OPERATIONS.map((operation) => [operation, (input: Input) => forward(operation, input)]),
  );
  return {
    service,
    provision: (resources: readonly ResolvedResource[]) => provisionTables(resources, forward),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
