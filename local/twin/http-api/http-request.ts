import type { IncomingMessage } from 'node:http';
import { decodePercent } from '../gateway/model/percent-decoding.ts';

/** Request line and header values together (developer guide, "Quotas for configuring and running an HTTP API"). */
export const HEADERS_MAX_BYTES = 10_240;

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
/** Two spaces and `HTTP/1.1` of the request line. */
const REQUEST_LINE_REST = 10;

export function readHttpRequest(message: IncomingMessage, traceId: string): HttpRequest {
  const { socket, method = 'GET', rawHeaders } = message;
  const target = originForm(message.url ?? '/');
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const sourceIp = socket.remoteAddress ?? '127.0.0.1';
  const headers: Record<string, string> = Object.create(null);
  const multiHeaders: Record<string, string[]> = Object.create(null);
  let size = method.length + target.length + REQUEST_LINE_REST;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    size += value.length;
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
    rawQueryString: question < 0 ? '' : target.slice(question + 1),
    headers,
    multiHeaders,
    cookies,
    protocol: `HTTP/${message.httpVersion}`,
    sourceIp,
    headersTooLarge: size > HEADERS_MAX_BYTES,
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
    const text = segment.includes('%') ? decodePercent(segment) : segment;
    if (text === undefined) return undefined;
    decoded.push(text);
  }
  return decoded;
}

/** `http://host/path` is legal in a request line; what counts is the path. */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const scheme = target.indexOf('://');
  const path = scheme < 0 ? -1 : target.indexOf('/', scheme + 3);
  return path > 0 ? target.slice(path) : '/';
}
