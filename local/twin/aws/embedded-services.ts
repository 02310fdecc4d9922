import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { type ServiceHandler, sendError } from './json-service.ts';

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

/** Operations whose answers hold the URLs of queues. */
const ANSWERS_WITH_URLS = new Set(['CreateQueue', 'GetQueueUrl', 'ListDeadLetterSourceQueues', 'ListQueues']);

/** SQS by fauxqs: loaded only where a template has queues, since its import takes a third of a second. */
export async function sqsService(): Promise<{ readonly handle: ServiceHandler; close(): Promise<void> }> {
  const { buildApp } = await import('fauxqs');
  const app = buildApp({ logger: false });
  await app.ready();
  const answerWithUrls = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const payload = Buffer.concat(await request.toArray());
    const { host = '' } = request.headers;
    const answer = await app.inject({ method: 'POST', url: '/', headers: request.headers as InjectHeaders, payload });
    // fauxqs puts the Region into the host of the URL, a name that does not resolve everywhere.
    const body = answer.body.replaceAll(/http:\/\/sqs\.[^/"]+/g, `http://${host}`);
    const contentType = String(answer.headers['content-type']);
    response.writeHead(answer.statusCode, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
  };
  return {
    handle: (request, response, { operation }) => {
      if (!ANSWERS_WITH_URLS.has(operation)) return app.routing(request, response);
      answerWithUrls(request, response).catch((error: unknown) => sendError(response, error));
    },
    close: () => app.close(),
  };
}

type InjectHeaders = Record<string, string | string[]>;

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
