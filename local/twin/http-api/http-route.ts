import type { ThrottleLimit } from '../gateway/model/token-bucket.ts';
import type { RenderLine } from './access-line.ts';
import type { HttpExchange } from './http-exchange.ts';
import type { HttpReply } from './http-reply.ts';
import type { Refusal } from './refusal.ts';

/** Lets a caller in, or not; what it found out stands in the exchange. Never rejects. */
export interface HttpAuthorizer {
  readonly name: string;
  readonly type: 'REQUEST' | 'JWT';
  /** Undefined for a JWT authorizer, which asks nobody but the issuer for its keys. */
  readonly functionArn: string | undefined;
  readonly ttlSeconds: number;
  authorize(exchange: HttpExchange, scopes: readonly string[]): Promise<Refusal | undefined>;
}

/** What stands behind a route. Never rejects: whatever goes wrong behind the API is a refusal. */
export interface HttpIntegration {
  /** As in the template: `AWS_PROXY`, `HTTP_PROXY`, `SQS-SendMessage`. */
  readonly type: string;
  readonly functionArn: string | undefined;
  call(exchange: HttpExchange): Promise<HttpReply | Refusal>;
}

export interface HttpRoute {
  readonly logicalId: string;
  /** `GET /pets/{id}` or `$default`. */
  readonly key: string;
  /** `ANY` for `$default`. */
  readonly method: string;
  /** `$default` for the route of that key. */
  readonly path: string;
  readonly authorizer: HttpAuthorizer | undefined;
  /** Any of them lets a token of a JWT authorizer in; none asks for no scope. */
  readonly scopes: readonly string[];
  readonly integration: HttpIntegration;
}

export interface HttpStage {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>> | undefined;
  /** False where the stage has neither AutoDeploy nor a deployment: it then serves nothing. */
  readonly deployed: boolean;
  readonly throttleOf: (routeKey: string) => ThrottleLimit | undefined;
  readonly accessLog: RenderLine<HttpExchange> | undefined;
}
