import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { startDynamoDb } from '../../../../../local/twin/aws/dynamodb/dynamodb-room.ts';
import { testCall } from './test-table.ts';

/** dynalite has no types of its own. */
const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;

export type Output = Readonly<Record<string, unknown>>;
export type Run = (operation: string, input: object) => Promise<Output>;

/** The twin's engine and dynalite, which was compared with AWS itself: the same calls for both. */
export interface TwoEngines {
  readonly twin: Run;
  readonly peer: Run;
  /** dynalite's tables are not there at once. */
  untilActive(tableName: string): Promise<void>;
  close(): Promise<void>;
}

export async function startTwoEngines(): Promise<TwoEngines> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const room = startDynamoDb({ region: 'us-east-1', accountId: '000000000000', nowMs: Date.now, database: undefined });
  const peer: Run = async (operation, input) => {
    const response = await fetch(url, { method: 'POST', headers: headersOf(operation), body: JSON.stringify(input) });
    const output = (await response.json()) as Record<string, string>;
    if (response.ok) return output;
    return { error: output.__type?.split('#')[1], message: output.message ?? output.Message };
  };
  return {
    twin: async (operation, input) => {
      try {
        const output = room.service[operation]?.(structuredClone(input) as Output, testCall);
        return JSON.parse(JSON.stringify(output)) as Output;
      } catch (error) {
        const { name, message } = error as Error;
        return { error: name, message };
      }
    },
    peer,
    untilActive: async (TableName) => {
      for (;;) {
        const { Table } = (await peer('DescribeTable', { TableName })) as { Table: { TableStatus: string } };
        if (Table.TableStatus === 'ACTIVE') return;
      }
    },
    close: async () => {
      room.close?.();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function headersOf(operation: string): Record<string, string> {
  return {
    'Content-Type': 'application/x-amz-json-1.0',
    'X-Amz-Target': `DynamoDB_20120810.${operation}`,
    'X-Amz-Date': '20260101T000000Z',
    Authorization: 'AWS4-HMAC-SHA256 Credential=T/20260101/r/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  };
}
