import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { LoopbackServer } from '../serve-on-loopback.ts';
import { AwsError, asAwsError } from './aws-error.ts';
import { type Dispatch, UNSIGNED } from './dispatcher.ts';
import { serveEitherHttp } from './either-http.ts';
import type { Principal } from './principal.ts';
import { jsonProtocol } from './protocols/json-protocol.ts';
import { protocolOf } from './protocols/protocols.ts';
import type { WireRequest, WireResponse } from './protocols/wire-request.ts';

/** A service with an HTTP of its own, which takes its requests as they come. */
export interface Front {
  claims(message: IncomingMessage): boolean;
  serve(message: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface EndpointOptions {
  readonly dispatch: Dispatch;
  /** Whose key it is; called for every request that is signed. */
  readonly principalOf: (accessKeyId: string | undefined) => Principal;
  /** Asked before all others. @default - there is none */
  readonly front?: Front;
}

/** The largest request that any of these services accepts is Kinesis' PutRecords of 5 MB, and 10 MB since 2025. */
const REQUEST_MAX_BYTES = 16 * 1024 * 1024;
const CREDENTIAL = /Credential=([^/,\s]+)\/\d+\/[^/]+\/([^/]+)\/aws4_request/;

/**
 * One port for every AWS service. The service is told by `X-Amz-Target`, or else by the scope of the SigV4 credential; the
 * key of the credential says who calls. Signatures are not checked, but those of S3's URLs and forms. Whatever cannot be served is an error in AWS's form.
 */
export async function startAwsEndpoint(options: EndpointOptions): Promise<LoopbackServer> {
  return serveEitherHttp((request, response) => {
    const { front } = options;
    const isFronts = front?.claims(request) === true;
    (isFronts ? front.serve(request, response) : serve(request, response, options)).catch(() => response.destroy());
  });
}

async function serve(message: IncomingMessage, response: ServerResponse, options: EndpointOptions): Promise<void> {
  const requestId = randomUUID();
  const hangUp = new AbortController();
  response.once('close', () => hangUp.abort());
  let protocol = jsonProtocol;
  let answer: WireResponse;
  try {
    const request = await readRequest(message);
    const [, accessKeyId, scope = UNSIGNED] = CREDENTIAL.exec(request.headers.authorization ?? '') ?? [];
    const found = protocolOf(request, scope);
    protocol = found.protocol;
    const { operation, input } = protocol.decode(request);
    const endpointUrl = `http://${request.headers.host ?? request.headers[':authority'] ?? '127.0.0.1'}`;
    const call = { service: found.service, operation, input, accessKeyId, endpointUrl, signal: hangUp.signal };
    const output = await options.dispatch(options.principalOf(accessKeyId), call);
    answer = protocol.encode(operation, output, requestId);
  } catch (error) {
    answer = protocol.encodeError(asAwsError(error), requestId);
  }
  response.writeHead(answer.statusCode, {
    ...answer.headers,
    'Content-Length': Buffer.byteLength(answer.body),
    'x-amzn-requestid': requestId,
  });
  response.end(answer.body);
}

async function readRequest(message: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > REQUEST_MAX_BYTES) {
      throw new AwsError('RequestEntityTooLargeException', 'Request size is too large', { statusCode: 413 });
    }
    chunks.push(chunk);
  }
  const { method = 'GET', url = '/', headers } = message;
  return { method, url, headers, body: uncompressed(Buffer.concat(chunks), headers['content-encoding']) };
}

/** SDK clients compress what is longer than 10 KB where the service takes it, as CloudWatch's PutMetricData does. */
function uncompressed(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding !== 'gzip') return body;
  try {
    return gunzipSync(body, { maxOutputLength: REQUEST_MAX_BYTES });
  } catch (cause) {
    throw new AwsError(
      'SerializationException',
      `the body of the request cannot be read as gzip: ${(cause as Error).message}`,
    );
  }
}
