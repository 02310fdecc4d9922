import type { Refusal } from './answer/refusal.ts';
import type { ApiKey } from './plans.ts';
import type { ClientRequest } from './request/client-request.ts';
import type { Route } from './route.ts';

/** What the authorizer said about the caller. */
export interface Authorization {
  readonly principalId: string;
  /** Values of the authorizer's context, as strings. */
  readonly context: Readonly<Record<string, string>>;
  readonly usageIdentifierKey: string | undefined;
}

/** Facts about the API that every request shares. */
export interface ApiFacts {
  readonly apiId: string;
  readonly stageName: string;
  readonly deploymentId: string;
  readonly accountId: string;
  readonly region: string;
  /** `a1b2c3/dev`: what throttles of the stage go by. */
  readonly stageKey: string;
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>`, which ARNs of methods begin with. */
  readonly stageArn: string;
  readonly stageVariables: Readonly<Record<string, string>> | null;
}

/** One request on its way through the gateway; each step adds what it finds out. */
export interface Exchange {
  readonly api: ApiFacts;
  readonly request: ClientRequest;
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly startedAtMs: number;
  body: Buffer;
  route?: Route;
  pathParameters?: Readonly<Record<string, string>>;
  authorization?: Authorization;
  /** Whether the API's resource policy allows the call, so that an authorizer which says nothing about it lets it pass. */
  resourcePolicyAllows?: boolean;
  /** Milliseconds that the authorizer's function took; 0 when its answer came from the cache. */
  authorizerLatencyMs?: number;
  authorizerStatus?: number;
  apiKey?: ApiKey;
  integrationLatencyMs?: number;
  /** What the integration answered: the status that the function returned. */
  integrationStatus?: number;
  /** Status of the invocation itself, 200 unless Lambda refused it. */
  invocationStatus?: number;
  integrationError?: string;
  refusal?: Refusal;
  status: number;
  responseLength: number;
  finishedAtMs?: number;
}
