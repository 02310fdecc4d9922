import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { ServiceHandler } from './json-service.ts';

const require = createRequire(import.meta.url);

/** Where the embedded services believe to be; it is in their ARNs. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** DynamoDB by dynalite: its request listener without its server, so that it needs no port of its own. */
export function dynamoDbService(place: Place): ServiceHandler {
  const dynalite = require('dynalite') as (options: Record<string, number>) => Server;
  const server = inPlace(place, () => dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }));
  return (request, response) => void server.emit('request', request, response);
}

/** SQS by fauxqs: loaded only where a template has queues, since its import takes a third of a second. */
export async function sqsService(): Promise<{ readonly handle: ServiceHandler; close(): Promise<void> }> {
  const { buildApp } = await import('fauxqs');
  const app = buildApp({ logger: false });
  await app.ready();
  const listener: RequestListener = (request, response) => app.routing(request, response);
  return {
    handle: (request: IncomingMessage, response: ServerResponse) => listener(request, response),
    close: () => app.close(),
  };
}

/** dynalite takes region and account from the environment of the process, once, when it is created. */
function inPlace<T>({ region, accountId }: Place, create: () => T): T {
  const { AWS_REGION, AWS_ACCOUNT_ID } = process.env;
  Object.assign(process.env, { AWS_REGION: region, AWS_ACCOUNT_ID: accountId });
  try {
    return create();
  } finally {
    restore('AWS_REGION', AWS_REGION);
    restore('AWS_ACCOUNT_ID', AWS_ACCOUNT_ID);
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
