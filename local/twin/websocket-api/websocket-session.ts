import type { RawData, WebSocket } from 'ws';
import type { Connection } from '../aws/connections/connection-store.ts';
import type { WebSocketApiModel } from './template/read-websocket-api.ts';
import type { WebSocketApiOptions } from './websocket-api-options.ts';
import type { WebSocketCalls } from './websocket-calls.ts';
import type { ConnectionFacts } from './websocket-exchange.ts';

/** "Quotas for configuring and running a WebSocket API". */
const IDLE_TIMEOUT_MS = 10 * 60 * 1_000;
const CONNECTION_MAX_MS = 2 * 60 * 60 * 1_000;

const GOING_AWAY = { statusCode: 1001, reason: 'Going away' } as const;
/** A message of more than 128 KB, in the words of the WebSocket library. */
const TOO_LONG = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
/** How API Gateway names endings that came without a reason. */
const REASONS: Readonly<Record<number, string>> = {
  1000: 'Connection Closed Normally',
  1001: 'Going away',
  1005: 'Client-side close frame status not set',
  1006: 'Connection Closed Abnormally',
};

export interface SessionOptions {
  readonly socket: WebSocket;
  readonly facts: ConnectionFacts;
  /** The template as it is now: `replace` changes it under open connections. */
  readonly api: () => WebSocketApiModel;
  readonly calls: WebSocketCalls;
  readonly options: WebSocketApiOptions;
}

/** The life of one open connection: its messages, its limits and its end. */
export class WebSocketSession {
  readonly connection: Connection;
  /** Resolves once $disconnect was served. */
  readonly ended: Promise<void>;
  readonly #session: SessionOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  #lastActiveAtMs: number;
  /** Why the API itself ended the connection. */
  #endedBy: { readonly statusCode: number; readonly reason: string } | undefined;

  constructor(session: SessionOptions) {
    this.#session = session;
    const { socket, facts, options } = session;
    const { nowMs, idleTimeoutMs = IDLE_TIMEOUT_MS, connectionMaxMs = CONNECTION_MAX_MS } = options;
    this.#lastActiveAtMs = nowMs();
    this.connection = connectionOf(
      facts,
      () => this.#lastActiveAtMs,
      (text) => this.#send(text),
      () => this.end(1000, 'Connection Closed Normally'),
    );
    options.connections.add(this.connection);
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('ping', () => this.#touch());
    socket.on('pong', () => this.#touch());
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // The socket closes itself; its close event does not tell what for.
      if (error.code === TOO_LONG) this.#endedBy ??= { statusCode: 1009, reason: 'message is too large' };
    });
    this.ended = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        this.#disconnected(code, reason.toString()).then(resolve, resolve);
      });
    });
    this.#after(connectionMaxMs, () => this.end(GOING_AWAY.statusCode, GOING_AWAY.reason));
    this.#watchIdle(idleTimeoutMs, idleTimeoutMs);
  }

  /** Closes the connection as the API. */
  end(statusCode: number, reason: string): void {
    this.#endedBy ??= { statusCode, reason };
    this.#session.options.connections.remove(this.connection.id);
    this.#session.socket.close(statusCode, reason);
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#endedBy !== undefined) return;
    this.#touch();
    // API Gateway takes text alone.
    if (isBinary) this.end(1003, 'binary frames are not supported');
    else void this.#message(data.toString());
  }

  async #message(body: string): Promise<void> {
    const { facts, calls, api } = this.#session;
    const model = api();
    const key = model.selectRouteKey(body);
    const named = key === undefined || isReserved(key) ? undefined : model.routes.get(key);
    const exchange = calls.begin(facts, named ?? model.routes.get('$default'), { eventType: 'MESSAGE', body });
    const answer = await calls.serve(exchange);
    if (answer.kind === 'refusal') {
      const { connectionId } = facts;
      const text = JSON.stringify({ message: answer.message, connectionId, requestId: exchange.requestId });
      await this.#send(text).catch(() => {});
    } else if (exchange.route?.twoWay && answer.body !== undefined) {
      await this.#send(answer.body).catch(() => {});
    }
  }

  #send(text: string): Promise<void> {
    this.#touch();
    return new Promise((resolve, reject) => {
      this.#session.socket.send(text, (error) => (error ? reject(error) : resolve()));
    });
  }

  async #disconnected(code: number, givenReason: string): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    const { facts, calls, api, options } = this.#session;
    options.connections.remove(this.connection.id);
    const disconnect = this.#endedBy ?? { statusCode: code, reason: givenReason || (REASONS[code] ?? '') };
    await calls.serve(calls.begin(facts, api().routes.get('$disconnect'), { eventType: 'DISCONNECT', disconnect }));
  }

  #touch(): void {
    this.#lastActiveAtMs = this.#session.options.nowMs();
  }

  /** One timer at a time: when it rings, either nothing has happened for long enough, or it is set for the rest. */
  #watchIdle(limitMs: number, waitMs: number): void {
    this.#after(waitMs, () => {
      const restMs = limitMs - (this.#session.options.nowMs() - this.#lastActiveAtMs);
      if (restMs <= 0) this.end(GOING_AWAY.statusCode, GOING_AWAY.reason);
      else this.#watchIdle(limitMs, restMs);
    });
  }

  #after(ms: number, run: () => void): void {
    this.#timers.push(setTimeout(run, ms).unref());
  }
}

/** $connect and $disconnect cannot be reached by a message. */
function isReserved(key: string): boolean {
  return key === '$connect' || key === '$disconnect';
}

function connectionOf(
  { api, stage, connectionId, connectedAtMs, sourceIp, userAgent }: ConnectionFacts,
  lastActiveAtMs: () => number,
  send: (text: string) => Promise<void>,
  close: () => void,
): Connection {
  return {
    id: connectionId,
    apiId: api.apiId,
    stage: stage.name,
    connectedAtMs,
    get lastActiveAtMs() {
      return lastActiveAtMs();
    },
    sourceIp,
    userAgent,
    send,
    close,
  };
}
