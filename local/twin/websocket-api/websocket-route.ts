import type { RenderLine } from '../http-api/access-line.ts';
import type { Refusal } from '../http-api/refusal.ts';
import type { StageSettings } from '../http-api/template/read-stages.ts';
import type { WebSocketExchange } from './websocket-exchange.ts';

/** What an integration said. */
export interface IntegrationAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** Undefined where there is none to send. */
  readonly body: string | undefined;
  /** `Sec-WebSocket-Protocol` of the answer to $connect. */
  readonly subprotocol: string | undefined;
}

/** What stands behind a route. Never rejects. */
export interface WebSocketIntegration {
  /** `AWS_PROXY` or `MOCK`. */
  readonly type: string;
  readonly functionArn: string | undefined;
  call(exchange: WebSocketExchange): Promise<IntegrationAnswer | Refusal>;
}

export interface ConnectAuthorizer {
  readonly name: string;
  readonly functionArn: string;
  /** Lets a connection in, or not; what the function said is kept with the connection. Never rejects. */
  authorize(exchange: WebSocketExchange): Promise<Refusal | undefined>;
}

export interface WebSocketRoute {
  readonly logicalId: string;
  /** `$connect`, `$disconnect`, `$default` or a key of the API's own. */
  readonly key: string;
  readonly integration: WebSocketIntegration;
  /** Of `$connect` alone. */
  readonly authorizer: ConnectAuthorizer | undefined;
  /** Whether what the integration answers goes back to the client. */
  readonly twoWay: boolean;
}

export interface WebSocketStage extends StageSettings {
  readonly accessLog: RenderLine<WebSocketExchange> | undefined;
}
