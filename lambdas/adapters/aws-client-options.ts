import { NodeHttpHandler } from '@smithy/node-http-handler';

/**
 * Options that every AWS client in this package takes. A call gives up after at most 3 × 2 s and the back-off between
 * (under 7 s), well within the 29 s that API Gateway waits.
 *
 * Retries are written out because the SDK changed its defaults in November 2026. HTTP/1.1 is written out because
 * Kinesis defaults to HTTP/2, which has no plain-text form and so cannot reach a local endpoint.
 */
export function awsClientOptions() {
  return {
    retryMode: 'standard',
    maxAttempts: 3,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 1_000,
      requestTimeout: 2_000,
      // Without this the SDK merely warns, and a hung connection holds the invocation until Lambda ends it.
      throwOnRequestTimeout: true,
    }),
  };
}
