import type { IncomingMessage } from 'node:http';
import { decodePercent } from '../gateway/model/percent-decoding.ts';
import { areHeadersTooLarge, readTarget } from '../gateway/request/request-line.ts';

/** What the caller sent, read once. The maps have no prototype: names come from the caller. */
export interface HttpRequest {
  readonly method: string;
  /** Segments as sent, still encoded; none for `/`. */
  readonly rawSegments: readonly string[];
  readonly rawQueryString: string;
  /** Lower-case names; several values of one are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Every value by lower-case name, for payload format 1.0. */
  readonly multiHeaders: Readonly<Record<string, readonly string[]>>;
  readonly cookies: readonly string[] | undefined;
  readonly protocol: string;
  readonly sourceIp: string;
  readonly headersTooLarge: boolean;
}

/** Headers that concern one connection; an integration never sees them. */
const DROPPED = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
]);

/** Reads a request as HTTP APIs do: names of headers in lower case, values of one name joined. */
export function readHttpRequest(message: IncomingMessage, traceId: string): HttpRequest {
  const { socket, method = 'GET', rawHeaders } = message;
  const { target, path, queryString } = readTarget(message.url);
  const sourceIp = socket.remoteAddress ?? '127.0.0.1';
  const headers: Record<string, string> = Object.create(null);
  const multiHeaders: Record<string, string[]> = Object.create(null);
  let valueLength = 0;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    valueLength += value.length;
    if (DROPPED.has(name)) continue;
    const values = multiHeaders[name];
    if (values === undefined) {
      multiHeaders[name] = [value];
      headers[name] = value;
    } else {
      values.push(value);
      headers[name] = values.join(',');
    }
  }
  const cookies = multiHeaders.cookie?.flatMap((line) => line.split(/;\s*/)).filter((cookie) => cookie !== '');
  set('content-length', headers['content-length'] ?? '0');
  set('x-amzn-trace-id', headers['x-amzn-trace-id'] ?? traceId);
  const before = headers['x-forwarded-for'];
  set('x-forwarded-for', before === undefined ? sourceIp : `${before}, ${sourceIp}`);
  set('x-forwarded-port', String(socket.localPort ?? 0));
  set('x-forwarded-proto', 'http');
  return {
    method,
    rawSegments: path === '/' ? [] : path.slice(1).split('/'),
    rawQueryString: queryString,
    headers,
    multiHeaders,
    cookies,
    protocol: `HTTP/${message.httpVersion}`,
    sourceIp,
    headersTooLarge: areHeadersTooLarge(method, target, valueLength),
  };

  function set(name: string, value: string): void {
    headers[name] = value;
    multiHeaders[name] = [value];
  }
}

/** Decoded segments; undefined where percent-encoding is broken. Decoding comes after splitting: `%2F` separates nothing. */
export function decodeSegments(raw: readonly string[]): readonly string[] | undefined {
  const decoded: string[] = [];
  for (const segment of raw) {
    const text = decodePercent(segment);
    if (text === undefined) return undefined;
    decoded.push(text);
  }
  return decoded;
}
