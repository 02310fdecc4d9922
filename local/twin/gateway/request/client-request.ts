import type { IncomingMessage } from 'node:http';
import { parseQueryString, type QueryParameters } from './query-string.ts';
import { type RequestHeaders, readRequestHeaders } from './request-headers.ts';

/** Request line and header values together (developer guide, "Quotas for configuring and running a REST API"). */
export const HEADERS_MAX_BYTES = 10_240;

/** What the caller sent, read once; nothing in it depends on the API. */
export interface ClientRequest {
  readonly method: string;
  /** Path as sent, still encoded, without the query string. */
  readonly rawPath: string;
  /** Undefined where its percent-encoding is broken. */
  readonly query: QueryParameters | undefined;
  readonly headers: RequestHeaders;
  readonly headersTooLarge: boolean;
  readonly httpVersion: string;
  readonly sourceIp: string;
  readonly port: number;
}

export function readClientRequest(message: IncomingMessage, traceId: string): ClientRequest {
  const method = message.method ?? 'GET';
  const target = originForm(message.url ?? '/');
  const question = target.indexOf('?');
  const { socket } = message;
  const sourceIp = socket.remoteAddress ?? '127.0.0.1';
  const port = socket.localPort ?? 0;
  const headers = readRequestHeaders(message.rawHeaders, { sourceIp, port, traceId });
  return {
    method,
    rawPath: question < 0 ? target : target.slice(0, question),
    query: parseQueryString(question < 0 ? '' : target.slice(question + 1)),
    headers,
    headersTooLarge: method.length + target.length + headers.valueLength + REQUEST_LINE_REST > HEADERS_MAX_BYTES,
    httpVersion: message.httpVersion,
    sourceIp,
    port,
  };
}

/** Two spaces and `HTTP/1.1` of the request line. */
const REQUEST_LINE_REST = 10;

/** `http://host/path` and `//host`-like targets are legal in a request line; what counts is the path. */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const path = target.indexOf('/', target.indexOf('://') + 3);
  return target.includes('://') && path > 0 ? target.slice(path) : `/${target.includes('://') ? '' : target}`;
}
