import { TwinError } from '../twin-error.ts';

/** Calls a service of the endpoint by AWS JSON, as the twin itself: to create what the templates declare. */
export type LocalClient = (target: string, input: unknown) => Promise<Record<string, unknown>>;

/**
 * @param accessKeyId tells the endpoint that the twin calls and no function.
 * @returns a client that rejects with TwinError where the service answers an error.
 */
export function createLocalClient(endpointUrl: string, region: string, accessKeyId = 'TWIN'): LocalClient {
  return async (target, input) => {
    const response = await fetch(endpointUrl, {
      method: 'POST',
      headers: {
        'Content-Type': target.startsWith('secretsmanager')
          ? 'application/x-amz-json-1.1'
          : 'application/x-amz-json-1.0',
        'X-Amz-Target': target,
        'X-Amz-Date': '20260101T000000Z',
        // The endpoint checks no signatures, but the services behind it insist that there is one.
        Authorization:
          `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/twin/aws4_request, ` +
          'SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify(input),
    });
    const output = (await response.json()) as Record<string, unknown>;
    if (response.ok) return output;
    throw new TwinError('aws-call-failed', `${target}: ${String(output.__type)}: ${String(output.message)}`);
  };
}
