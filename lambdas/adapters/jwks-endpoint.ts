import * as v from 'valibot';
import type { KeySource } from './key-source.ts';

/** Far more than any issuer publishes. */
const MAX_BYTES = 262_144;
const DEFAULT_TIMEOUT_MS = 2_000;

const PublishedSet = v.object({ keys: v.array(v.looseObject({ kty: v.string(), kid: v.optional(v.string()) })) });

/** What a test puts in the place of the network. */
export interface JwksEndpointOptions {
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
}

/** The keys that an outside issuer publishes at its `jwks_uri`; those without a `kid` cannot be asked for. */
export function createJwksEndpoint(uri: string, options: JwksEndpointOptions = {}): KeySource {
  const { fetch: send = fetch, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  return {
    async load() {
      const response = await send(uri, {
        headers: { Accept: 'application/jwk-set+json, application/json' },
        // Whoever could redirect this request could choose the keys.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.status !== 200) throw new Error(`${uri} answered with status ${response.status}`);
      const set = v.parse(PublishedSet, JSON.parse(await readBounded(response, uri)));
      return set.keys.flatMap(({ kid, ...jwk }) => (kid === undefined ? [] : [{ kid, jwk }]));
    },
  };
}

async function readBounded(response: Response, uri: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new Error(`${uri} sent more than ${MAX_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
