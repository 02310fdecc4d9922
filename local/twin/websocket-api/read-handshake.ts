import type { IncomingMessage } from 'node:http';
import { parseQueryString, type QueryParameters } from '../gateway/request/query-string.ts';
import { type RequestHeaders, readRequestHeaders } from '../gateway/request/request-headers.ts';
import { readTarget } from '../gateway/request/request-line.ts';
import type { WebSocketStage } from './websocket-route.ts';

/** What a client asks for when it opens a connection. */
export interface Handshake {
  readonly stage: WebSocketStage;
  readonly headers: RequestHeaders;
  readonly query: QueryParameters;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
}

/** Reads an upgrade request. Answers the status line that refuses it where it is none, or names no deployed stage. */
export function readHandshake(
  message: IncomingMessage,
  stages: ReadonlyMap<string, WebSocketStage>,
  traceId: string,
): Handshake | string {
  const { method, headers, rawHeaders, socket } = message;
  const { path, queryString } = readTarget(message.url);
  const query = parseQueryString(queryString);
  const key = headers['sec-websocket-key'];
  if (method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket' || key === undefined || query === undefined) {
    return '400 Bad Request';
  }
  const stage = stageOf(path, stages);
  if (stage === undefined || !stage.deployed) return '403 Forbidden';
  const sourceIp = socket.remoteAddress ?? '127.0.0.1';
  return {
    stage,
    headers: readRequestHeaders(rawHeaders, { sourceIp, port: socket.localPort ?? 0, traceId }),
    query,
    sourceIp,
    userAgent: headers['user-agent'],
  };
}

/** `/<stage>` as in AWS; a lone stage also without its name, as behind a custom domain. */
function stageOf(path: string, stages: ReadonlyMap<string, WebSocketStage>): WebSocketStage | undefined {
  const name = path.replace(/^\/+|\/+$/g, '');
  const [first] = stages.values();
  return stages.get(name) ?? (name === '' && stages.size === 1 ? first : undefined);
}
