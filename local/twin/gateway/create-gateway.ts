import type { Server } from 'node:http';
import { promisify } from 'node:util';
import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import type { CallAws } from '../aws/dispatcher.ts';
import type { Invoke, InvokeAsync } from '../functions/invoke.ts';
import { TwinError } from '../twin-error.ts';
import { type AccessEntry, accessEntry } from './access-entry.ts';
import { type ApiDescription, describeApi } from './describe-api.ts';
import { requestHandler } from './handle-request.ts';
import { createHttpFront, type FrontTimeouts, type Served } from './http-front.ts';
import { type AccountThrottle, createAccountThrottle } from './model/account-throttle.ts';
import { createThrottleState, type ThrottleState } from './model/throttles.ts';
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
  /** The account's throttle in the Region: one for all APIs of a twin. @default - one of its own, with AWS's default */
  readonly accountThrottle?: AccountThrottle;
  /** Buckets and quotas: one for all stages, since a usage plan counts for all its stages. @default - some of its own */
  readonly throttles?: ThrottleState;
  /** @default - 10 s for headers, 30 s for a request, 60 s between two */
  readonly timeouts?: Partial<FrontTimeouts>;
}

/** A stage of a REST API; its description is that of the template which it serves now. */
export interface Gateway extends ApiDescription {
  /** Listens on 127.0.0.1; port 0 takes a free one. Answers the port. Throws TwinError where the port is taken. */
  listen(port: number): Promise<number>;
  /**
   * Serves another template from the next request on, on the same port and without closing a connection. Requests under way
   * end as they began; buckets and quotas stay, by API key and plan; authorizers forget what they cached.
   *
   * @throws TwinError for what the gateway cannot serve, and goes on with what it has
   */
  replace(resources: readonly ResolvedResource[]): void;
  /** How many connections are open now. */
  openConnections(): Promise<number>;
  /** Stops listening; requests under way get a second to end. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const CLOSE_GRACE_MS = 1_000;

/**
 * One stage of a REST API on this machine, out of the AWS::ApiGateway resources of its stack.
 * @throws TwinError for what the gateway cannot serve, in a sentence that names the logical id
 */
export function createGateway(resources: readonly ResolvedResource[], options: GatewayOptions): Gateway {
  const { nowMs, accountThrottle = createAccountThrottle() } = options;
  const { throttles = createThrottleState(nowMs()) } = options;
  const load = (of: readonly ResolvedResource[]) => loadTemplate(of, { ...options, accountThrottle, throttles });
  let current = load(resources);
  const server = createHttpFront({ served: () => current.served, nowMs, timeouts: options.timeouts });
  return {
    get name() {
      return current.description.name;
    },
    get apiId() {
      return current.description.apiId;
    },
    get stage() {
      return current.description.stage;
    },
    get account() {
      return current.description.account;
    },
    get routes() {
      return current.description.routes;
    },
    get plans() {
      return current.description.plans;
    },
    get authorizers() {
      return current.description.authorizers;
    },
    replace: (other) => {
      current = load(other);
    },
    listen: (port) => listen(server, port),
    openConnections: promisify(server.getConnections.bind(server)),
    close: () => close(server),
  };
}

interface Loaded {
  readonly description: ApiDescription;
  readonly served: Served;
}

type LoadOptions = GatewayOptions & Required<Pick<GatewayOptions, 'accountThrottle' | 'throttles'>>;

function loadTemplate(resources: readonly ResolvedResource[], options: LoadOptions): Loaded {
  const { invoke, invokeAsync, callAws, nowMs, region, accountId, accountThrottle, throttles, onAccess } = options;
  const { limit } = accountThrottle;
  const api = readRestApi(resources, {
    invoke,
    invokeAsync,
    callAws,
    nowMs,
    region,
    accountId,
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

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new TwinError('port-taken', `port ${port} is taken; choose another, or 0 for any`) : error);
    };
    server.once('error', onError);
    server.listen(port, HOST, () => {
      server.off('error', onError);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
