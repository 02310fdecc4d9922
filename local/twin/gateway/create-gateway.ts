import type { Server } from 'node:http';
import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import type { Invoke } from '../functions/invoke.ts';
import { TwinError } from '../twin-error.ts';
import { type AccessEntry, accessEntry } from './access-entry.ts';
import { type ApiDescription, describeApi } from './describe-api.ts';
import { requestHandler } from './handle-request.ts';
import { createHttpFront } from './http-front.ts';
import { type ThrottleLimit, throttleLimit } from './model/token-bucket.ts';
import { readRestApi } from './template/read-rest-api.ts';

export interface GatewayOptions {
  readonly invoke: Invoke;
  /** Milliseconds since 1970; throttles, quotas, caches and latencies all go by it. */
  readonly nowMs: () => number;
  /** Told about every request after its answer. */
  readonly onAccess?: (entry: AccessEntry) => void;
  readonly region: string;
  readonly accountId: string;
  /** The account's throttle in the Region. @default 10,000 requests a second, burst 5,000: AWS's own default */
  readonly accountThrottle?: { readonly ratePerSecond: number; readonly burst: number };
}

export interface Gateway extends ApiDescription {
  /** Listens on 127.0.0.1; port 0 takes a free one. Answers the port. Throws TwinError where the port is taken. */
  listen(port: number): Promise<number>;
  /** Stops listening; requests under way get a second to end. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const ACCOUNT_THROTTLE: ThrottleLimit = { ratePerSecond: 10_000, burst: 5_000 };
const CLOSE_GRACE_MS = 1_000;

/**
 * A REST API on this machine, out of the AWS::ApiGateway resources of its stack.
 * @throws TwinError for what the gateway cannot serve, in a sentence that names the logical id
 * @throws RangeError for an account throttle that is none
 */
export function createGateway(resources: readonly ResolvedResource[], options: GatewayOptions): Gateway {
  const { invoke, nowMs, onAccess, region, accountId, accountThrottle = ACCOUNT_THROTTLE } = options;
  const account = throttleLimit(accountThrottle.ratePerSecond, accountThrottle.burst);
  const api = readRestApi(resources, { invoke, nowMs, region, accountId, accountThrottle: account });
  const server = createHttpFront({
    facts: api.facts,
    handle: requestHandler(api, { accountThrottle: account, nowMs }),
    nowMs,
    onAnswered: (exchange) => onAccess?.(accessEntry(exchange, api)),
  });
  return {
    ...describeApi(api, account),
    listen: (port) => listen(server, port),
    close: () => close(server),
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
