import { NodeHttpHandler } from '@smithy/node-http-handler';

/** What differs between clients. */
export interface AwsClientNeeds {
  /**
   * Attempts of one call. 1 for a client whose calls `RequestCalls.call` makes: the retries of both would multiply, and
   * the SDK's know neither the budget nor, without its `signal`, the deadline.
   * @default 3
   */
  readonly maxAttempts?: number;
}

/**
 * Options that every AWS client in this package takes. A call gives up after at most 3 × 2 s and the back-off between
 * (under 7 s), well within the 29 s that API Gateway waits.
 *
 * Retries are written out because the SDK changed its defaults in November 2026. HTTP/1.1 is written out because
 * Kinesis defaults to HTTP/2, which has no plain-text form and so cannot reach a local endpoint.
 */
export function awsClientOptions({ maxAttempts = 3 }: AwsClientNeeds = {}) {
  return {
    retryMode: 'standard',
    maxAttempts,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 1_000,
      requestTimeout: 2_000,
      // Without this the SDK merely warns, and a hung connection holds the invocation until Lambda ends it.
      throwOnRequestTimeout: true,
    }),
  };
}
