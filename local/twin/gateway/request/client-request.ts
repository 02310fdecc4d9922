import type { IncomingMessage } from 'node:http';
import { parseQueryString, type QueryParameters } from './query-string.ts';
import { type RequestHeaders, readRequestHeaders } from './request-headers.ts';
import { areHeadersTooLarge, readTarget } from './request-line.ts';

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
  const { method = 'GET', socket } = message;
  const { target, path, queryString } = readTarget(message.url);
  const sourceIp = socket.remoteAddress ?? '127.0.0.1';
  const port = socket.localPort ?? 0;
  const headers = readRequestHeaders(message.rawHeaders, { sourceIp, port, traceId });
  return {
    method,
    rawPath: path,
    query: parseQueryString(queryString),
    headers,
    headersTooLarge: areHeadersTooLarge(method, target, headers.valueLength),
    httpVersion: message.httpVersion,
    sourceIp,
    port,
  };
}
