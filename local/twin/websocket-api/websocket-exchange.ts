import type { QueryParameters } from '../gateway/request/query-string.ts';
import type { RequestHeaders } from '../gateway/request/request-headers.ts';
import type { HttpApiFacts } from '../http-api/http-exchange.ts';
import type { Refusal } from '../http-api/refusal.ts';
import type { WebSocketRoute, WebSocketStage } from './websocket-route.ts';

/** What every event of one connection shares. */
export interface ConnectionFacts {
  readonly api: HttpApiFacts;
  readonly stage: WebSocketStage;
  readonly connectionId: string;
  readonly connectedAtMs: number;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  /** As sent in the handshake. */
  readonly headers: RequestHeaders;
  readonly query: QueryParameters;
  /** What the authorizer of $connect said, in every event of the connection. */
  authorizer?: Readonly<Record<string, string | number>>;
}

/** One handshake, message or disconnection on its way through the API. */
export interface WebSocketExchange {
  readonly connection: ConnectionFacts;
  readonly eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT';
  readonly requestId: string;
  readonly startedAtMs: number;
  readonly route: WebSocketRoute | undefined;
  /** Of a message. */
  readonly messageId?: string;
  readonly body?: string;
  readonly disconnect?: { readonly statusCode: number; readonly reason: string };
  authorizerLatencyMs?: number;
  integrationLatencyMs?: number;
  integrationStatus?: number;
  refusal?: Refusal;
  status: number;
}
