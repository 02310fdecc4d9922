import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Input } from '../../aws-call.ts';
import { type AwsError, asAwsError } from '../../aws-error.ts';
import type { Dispatch } from '../../dispatcher.ts';
import type { Principal } from '../../principal.ts';
import { parseCopySource } from '../copy-source.ts';
import { corsHeaders, preflight } from '../cors.ts';
import { readPost } from '../post/read-post.ts';
import type { S3Output } from '../s3-context.ts';
import { s3Error } from '../s3-error.ts';
import type { BucketStore } from '../storage/bucket-store.ts';
import { checkPresignedUrl, isPresigned, type SecretOf } from './presigned-url.ts';
import { readDocument } from './read-document.ts';
import { s3Input } from './s3-input.ts';
import { bucketOfHost, hostOf, readS3Request, type S3Request } from './s3-request.ts';
import { operationOf } from './s3-routes.ts';
import { s3Xml } from './s3-xml.ts';

export interface S3FrontOptions {
  readonly buckets: BucketStore;
  readonly dispatch: Dispatch;
  readonly principalOf: (accessKeyId: string | undefined) => Principal;
  readonly secretOf: SecretOf;
  readonly nowMs: () => number;
}

const SIGNED = /Credential=([^/,\s]+)\/\d+\/[^/]+\/s3\/aws4_request/;
const SIGNED_QUERY = /[?&]X-Amz-Credential=[^&]*%2Fs3%2Faws4_request/i;

/**
 * HTTP of S3, which is no other service's: addresses name buckets and objects, bodies are streams, browsers come with
 * presigned URLs, forms and preflights, and errors are documents of its own.
 */
export class S3Front {
  readonly #options: S3FrontOptions;

  constructor(options: S3FrontOptions) {
    this.#options = options;
  }

  /** Whether a request is for S3: it is signed for it, or unsigned and about a bucket that is there. */
  claims({ url = '/', headers, ...message }: Pick<IncomingMessage, 'url' | 'headers' | 'method'>): boolean {
    if (SIGNED.test(headers.authorization ?? '') || SIGNED_QUERY.test(url)) return true;
    if (headers.authorization !== undefined || headers['x-amz-target'] !== undefined) return false;
    const isBucket = (name: string): boolean => this.#options.buckets.has(name);
    const [, first = ''] = url.split(/[/?]/);
    return isBucket(first) || bucketOfHost(hostOf({ headers, ...message } as IncomingMessage), isBucket) !== undefined;
  }

  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase();
    const hangUp = new AbortController();
    response.once('close', () => hangUp.abort());
    response.setHeader('x-amz-request-id', requestId);
    response.setHeader('x-amz-id-2', randomUUID());
    let output: S3Output;
    try {
      output = await this.#answer(message, response, hangUp.signal);
    } catch (error) {
      sendError(message, response, asAwsError(error), requestId);
      return;
    }
    await send(message, response, output);
  }

  async #answer(message: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<S3Output> {
    const { buckets, dispatch, principalOf } = this.#options;
    const request = readS3Request(message, (name) => buckets.has(name));
    const { method, headers, bucket } = request;
    const rules = buckets.has(bucket) ? buckets.get(bucket).cors : [];
    if (method === 'OPTIONS') return { headers: preflight(rules, preflightOf(request)) };
    if (headers.origin !== undefined) {
      const given = corsHeaders(rules, { origin: headers.origin, method, headers: [] });
      for (const [name, value] of Object.entries(given)) response.setHeader(name, value);
    }
    const operation = operationOf(request);
    const { accessKeyId, input } = await this.#read(operation, request);
    const { endpointUrl } = request;
    const call = { service: 's3', operation, input, accessKeyId, endpointUrl, signal };
    const principal = principalOf(accessKeyId);
    try {
      return (await dispatch(principal, call)) as S3Output;
    } catch (error) {
      // Whoever may not list a bucket is not told what is not in it.
      if (asAwsError(error).type === 'NoSuchKey') await dispatch(principal, { ...call, ...lookInto(input) });
      throw error;
    }
  }

  async #read(operation: string, request: S3Request): Promise<{ readonly accessKeyId: string; readonly input: Input }> {
    const { secretOf, nowMs } = this.#options;
    // Whoever refuses a body has to be able to answer: reading that stops may not close the connection.
    const body = bodyOf(request.message);
    if (operation === 'PostObject') return readPost(request, body, secretOf, nowMs());
    const accessKeyId = isPresigned(request)
      ? checkPresignedUrl(request, secretOf, nowMs())
      : SIGNED.exec(request.headers.authorization ?? '')?.[1];
    // Nobody is told more of a bucket than that: none of a twin is everybody's.
    if (accessKeyId === undefined) throw s3Error('AccessDenied', 'Access Denied');
    const input = s3Input(request, body);
    return { accessKeyId, input: { ...input, ...(await readDocument(operation, input)) } };
  }
}

/** The call that takes the permission to list the bucket of a key that was read: the key counts as `s3:prefix` then. */
function lookInto(input: Input): { readonly operation: string; readonly input: Input } {
  const { bucket: Bucket, key: Prefix } =
    input.CopySource === undefined
      ? { bucket: input.Bucket, key: input.Key }
      : parseCopySource(String(input.CopySource));
  return { operation: 'HeadBucket', input: { Bucket, Prefix } };
}

/** A body that its sender breaks off fails as S3 calls it. */
async function* bodyOf(message: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    yield* message.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw s3Error('IncompleteBody', `the body ended early: ${(cause as Error).message}`);
  }
}

function preflightOf({ headers }: S3Request) {
  const { origin, 'access-control-request-method': method } = headers;
  if (origin === undefined || method === undefined) {
    const message = 'Insufficient information. Origin request header needed.';
    throw s3Error('BadRequest', message);
  }
  const asked = headers['access-control-request-headers'] ?? '';
  const names = asked.split(',').map((name) => name.trim().toLowerCase());
  return { origin, method, headers: names.filter((name) => name !== '') };
}

async function send(message: IncomingMessage, response: ServerResponse, output: S3Output): Promise<void> {
  const { statusCode = 200, headers = {}, xml, content } = output;
  const document = xml && Buffer.from(s3Xml(xml.root, xml.value));
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
  if (document) response.setHeader('content-type', 'application/xml');
  if (document || (!content && statusCode !== 204 && headers['content-length'] === undefined)) {
    response.setHeader('content-length', document?.length ?? 0);
  }
  response.writeHead(statusCode);
  message.resume();
  try {
    if (content && message.method !== 'HEAD') await pipeline(Readable.from(content.bytes), response);
    else response.end(document);
  } finally {
    content?.done();
  }
}

/** The document of an error; without one where there may be no body. What is left of the request is read and dropped. */
function sendError(message: IncomingMessage, response: ServerResponse, error: AwsError, requestId: string): void {
  const { statusCode, members, type, message: text } = error;
  message.resume();
  const value = { Code: type, Message: text, ...members, RequestId: requestId, HostId: 'twin' };
  const document = Buffer.from(s3Xml('Error', value, false));
  const isEmpty = message.method === 'HEAD' || statusCode === 304;
  if (!isEmpty) response.setHeader('content-type', 'application/xml');
  response.writeHead(statusCode, isEmpty ? {} : { 'content-length': document.length });
  response.end(isEmpty ? undefined : document);
}
