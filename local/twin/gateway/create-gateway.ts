import { promisify } from 'node:util';
import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import type { CallAws } from '../aws/dispatcher.ts';
import type { Invoke, InvokeAsync } from '../functions/invoke.ts';
import { type AccessEntry, accessEntry } from './access-entry.ts';
import type { ApiFront } from './api-front.ts';
import { closeServer, listenOn, type ServerTimeouts } from './api-server.ts';
import { describeApi, type RestApiDescription } from './describe-api.ts';
import { requestHandler } from './handle-request.ts';
import { type AccountThrottle, createAccountThrottle } from './model/account-throttle.ts';
import { createThrottleState, type ThrottleState } from './model/throttles.ts';
import type { LiveKeys } from './plans.ts';
import { createRestServer, type Served } from './rest-server.ts';
import { readRestApi } from './template/read-rest-api.ts';

export interface GatewayOptions {
  readonly invoke: Invoke;
  /** For events that nobody waits for. @default - `invoke`, whose end is ignored */
  readonly invokeAsync?: InvokeAsync;
  /** Calls the services behind AWS integrations. @default - a template with such integrations is refused */
  readonly callAws?: CallAws;
  /** Milliseconds since 1970; throttles, quotas, caches and latencies all go by it. */
  readonly nowMs: () => number;
  /** Told about every request after its answer. */
  readonly onAccess?: (entry: AccessEntry) => void;
  readonly region: string;
  readonly accountId: string;
  /** API keys as they are at the moment of a request. @default - those of the template */
  readonly apiKeys?: LiveKeys;
  /** The account's throttle in the Region: one for all APIs of a twin. @default - one of its own, with AWS's default */
  readonly accountThrottle?: AccountThrottle;
  /** Buckets and quotas: one for all stages, since a usage plan counts for all its stages. @default - some of its own */
  readonly throttles?: ThrottleState;
  /** @default - 10 s for headers, 30 s for a request, 60 s between two */
  readonly timeouts?: Partial<ServerTimeouts>;
}

/** A stage of a REST API. */
export interface Gateway extends ApiFront<RestApiDescription> {
  /** How many connections are open now. */
  openConnections(): Promise<number>;
}

/**
 * One stage of a REST API on this machine, out of the AWS::ApiGateway resources of its stack.
 * @throws TwinError for what the gateway cannot serve, in a sentence that names the logical id
 */
export function createGateway(resources: readonly ResolvedResource[], options: GatewayOptions): Gateway {
  const { nowMs, accountThrottle = createAccountThrottle() } = options;
  const { throttles = createThrottleState(nowMs()) } = options;
  const load = (of: readonly ResolvedResource[]) => loadTemplate(of, { ...options, accountThrottle, throttles });
  let current = load(resources);
  const server = createRestServer({ served: () => current.served, nowMs, timeouts: options.timeouts });
  return {
    get description() {
      return current.description;
    },
    replace: (other) => {
      current = load(other);
    },
    listen: (port) => listenOn(server, port),
    openConnections: promisify(server.getConnections.bind(server)),
    close: () => closeServer(server),
  };
}

interface Loaded {
  readonly description: RestApiDescription;
  readonly served: Served;
}

type LoadOptions = GatewayOptions & Required<Pick<GatewayOptions, 'accountThrottle' | 'throttles'>>;

function loadTemplate(resources: readonly ResolvedResource[], options: LoadOptions): Loaded {
  const { invoke, invokeAsync, callAws, nowMs, region, accountId, apiKeys, accountThrottle, throttles, onAccess } =
    options;
  const { limit } = accountThrottle;
  const api = readRestApi(resources, {
    invoke,
    invokeAsync,
    callAws,
    nowMs,
    region,
    accountId,
    apiKeys,
    accountThrottle: limit,
  });
  return {
    description: describeApi(api, limit),
    served: {
      facts: api.facts,
      handle: requestHandler(api, { account: accountThrottle, throttles, nowMs }),
      onAnswered: (exchange) => onAccess?.(accessEntry(exchange, api)),
    },
  };
}
