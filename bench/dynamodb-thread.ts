import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { awsClientOptions } from '../lambdas/adapters/aws-client-options.ts';
import { OWNER } from '../local/twin/aws/principal.ts';
import { startAws } from '../local/twin/aws/start-aws.ts';

const region = 'eu-west-1';

/** The twin's DynamoDB in a thread of its own: like the service it takes none of its callers' processor. */
export interface DynamoDbThread {
  readonly client: DynamoDBDocumentClient;
  stop(): Promise<void>;
}

export async function startDynamoDbThread(): Promise<DynamoDbThread> {
  const worker = new Worker(import.meta.filename);
  const endpoint = await new Promise<string>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const base = new DynamoDBClient({
    ...awsClientOptions(),
    endpoint,
    region,
    credentials: { accessKeyId: 'ASIATWIN000000000001', secretAccessKey: 'twin', sessionToken: 'twin' },
  });
  return {
    client: DynamoDBDocumentClient.from(base, { marshallOptions: { removeUndefinedValues: true } }),
    async stop() {
      base.destroy();
      await worker.terminate();
    },
  };
}

async function serve(): Promise<void> {
  const aws = await startAws({
    region,
    accountId: '000000000000',
    nowMs: Date.now,
    log: () => {},
    invoke: async () => ({ ok: true, payload: null }),
    invokeAsync: async () => ({ ok: true }),
    database: undefined,
    principalOf: () => OWNER,
    authorize: () => {},
  });
  parentPort?.postMessage(aws.url);
}

if (!isMainThread) await serve();
