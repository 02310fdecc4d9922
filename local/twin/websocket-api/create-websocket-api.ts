import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import { MESSAGE_MAX_BYTES } from '../aws/connections/connections-service.ts';
import { closeServer, createApiServer, listenOn, refuseOnSocket } from '../gateway/api-server.ts';
import { withinDeadline } from '../gateway/integrations/within-deadline.ts';
import { createAccountThrottle } from '../gateway/model/account-throttle.ts';
import { createRequestIds } from '../gateway/request/request-ids.ts';
import type { ApiV2 } from '../http-api/create-http-api.ts';
import { RouteThrottles } from '../http-api/route-throttles.ts';
import { describeWebSocketApi } from './describe-websocket-api.ts';
import { FrameSizes } from './frame-sizes.ts';
import { readHandshake } from './read-handshake.ts';
import { readWebSocketApi } from './template/read-websocket-api.ts';
import type { WebSocketApiOptions } from './websocket-api-options.ts';
import { apiGatewayId, WebSocketCalls } from './websocket-calls.ts';
import type { ConnectionFacts } from './websocket-exchange.ts';
import { WebSocketSession } from './websocket-session.ts';

/** How long closing waits for clients to answer and for $disconnect. */
const CLOSE_GRACE_MS = 1_000;

/**
 * A WebSocket API on this machine, out of the AWS::ApiGatewayV2 resources of its stack: `ws://127.0.0.1:<port>/<stage>`.
 * `replace` keeps connections open, as a deployment does.
 * @throws TwinError for what the twin cannot serve, in a sentence that names the logical id
 */
export function createWebSocketApi(resources: readonly ResolvedResource[], options: WebSocketApiOptions): ApiV2 {
  const { nowMs, accountThrottle = createAccountThrottle() } = options;
  const calls = new WebSocketCalls(options, new RouteThrottles(accountThrottle));
  const sessions = new Set<WebSocketSession>();
  const subprotocols = new WeakMap<IncomingMessage, string>();
  let api = readWebSocketApi(resources, options);
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    maxPayload: MESSAGE_MAX_BYTES,
    handleProtocols: (_, request) => subprotocols.get(request) ?? false,
  });
  const server = createApiServer(async (message, response) => {
    message.resume();
    response.writeHead(426, { 'content-type': 'application/json', connection: 'close', upgrade: 'websocket' });
    response.end(JSON.stringify({ message: 'Upgrade Required' }));
  });
  server.on('upgrade', (message: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    open(message, socket, head).catch(() => socket.destroy());
  });
  return {
    get description() {
      return describeWebSocketApi(api);
    },
    listen: (port) => listenOn(server, port),
    replace(changed) {
      api = readWebSocketApi(changed, options);
    },
    async close() {
      const closing = closeServer(server);
      for (const session of sessions) session.end(1001, 'Going away');
      await withinDeadline(Promise.all([...sessions].map(({ ended }) => ended)), CLOSE_GRACE_MS);
      for (const client of sockets.clients) client.terminate();
      await closing;
    },
  };

  /** The handshake: $connect runs first, and only what it accepts becomes a connection. */
  async function open(message: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const handshake = readHandshake(message, api.stages, createRequestIds(nowMs()).traceId);
    if (typeof handshake === 'string') return refuseOnSocket(socket, handshake);
    const { stage, headers, query, sourceIp, userAgent } = handshake;
    const facts: ConnectionFacts = {
      api: api.facts,
      stage,
      connectionId: apiGatewayId(),
      connectedAtMs: nowMs(),
      sourceIp,
      userAgent,
      headers,
      query,
    };
    const exchange = calls.begin(facts, api.routes.get('$connect'), { eventType: 'CONNECT' });
    const answer = await calls.serve(exchange);
    if (answer.kind === 'refusal') {
      const { connectionId } = facts;
      const body = JSON.stringify({ message: answer.message, connectionId, requestId: exchange.requestId });
      return refuseOnSocket(socket, statusLine(answer.status), body);
    }
    if (answer.status < 200 || answer.status > 299) {
      return refuseOnSocket(socket, statusLine(answer.status), answer.body ?? '');
    }
    if (answer.subprotocol !== undefined) subprotocols.set(message, answer.subprotocol);
    if (socket.destroyed) return;
    upgrade(message, socket, head, facts);
  }

  function upgrade(message: IncomingMessage, socket: Socket, head: Buffer, facts: ConnectionFacts): void {
    const frames = new FrameSizes();
    let session: WebSocketSession | undefined;
    // Listens before the WebSocket does: the size of a frame is known before its payload.
    socket.on('data', function watch(chunk: Buffer) {
      if (frames.accept(chunk)) return;
      socket.off('data', watch);
      session?.end(1009, 'frame is too large');
    });
    sockets.handleUpgrade(message, socket, head, (client) => {
      const opened = new WebSocketSession({ socket: client, facts, api: () => api, calls, options });
      session = opened;
      sessions.add(opened);
      opened.ended.finally(() => sessions.delete(opened));
    });
  }
}

const STATUS_TEXTS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  504: 'Gateway Timeout',
};

function statusLine(status: number): string {
  return `${status} ${STATUS_TEXTS[status] ?? 'Refused'}`;
}
