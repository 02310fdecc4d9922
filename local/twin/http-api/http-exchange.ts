import type { HttpRequest } from './http-request.ts';
import type { HttpRoute, HttpStage } from './http-route.ts';
import type { QueryParameters } from './query-parameters.ts';
import type { Refusal } from './refusal.ts';

/** Facts about the API that every request shares. */
export interface HttpApiFacts {
  readonly apiId: string;
  readonly accountId: string;
  readonly region: string;
}

/** What an authorizer found out about the caller. */
export type CallerFacts =
  | {
      readonly kind: 'jwt';
      /** Claims as strings, as the event has them. */
      readonly claims: Readonly<Record<string, string>>;
      /** Scopes of the token where the route asks for scopes. */
      readonly scopes: readonly string[] | null;
    }
  | {
      readonly kind: 'lambda';
      readonly context: Readonly<Record<string, unknown>> | null;
      /** Undefined where the function answered with `isAuthorized`. */
      readonly principalId: string | undefined;
    };

/** One request on its way through an HTTP API; each step adds what it finds out. */
export interface HttpExchange {
  readonly api: HttpApiFacts;
  readonly request: HttpRequest;
  /** `apigw-requestid`. */
  readonly requestId: string;
  readonly startedAtMs: number;
  stage: HttpStage;
  /** Decoded, with the name of the stage in front unless it is `$default`, as events have it. */
  path: string;
  query: QueryParameters;
  body: Buffer;
  route?: HttpRoute;
  pathParameters?: Readonly<Record<string, string>>;
  caller?: CallerFacts;
  /** Milliseconds that the authorizer took; 0 when its cache answered. */
  authorizerLatencyMs?: number;
  integrationLatencyMs?: number;
  /** What the integration answered: the status that the function or the URL returned. */
  integrationStatus?: number;
  integrationError?: string;
  refusal?: Refusal;
  status: number;
  responseLength: number;
  finishedAtMs?: number;
}
