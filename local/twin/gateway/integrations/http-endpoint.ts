import type { EndpointResponse } from '../mapping/endpoint.ts';

/** What an integration asks of a server. */
export interface HttpCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string | Buffer;
}

const BODILESS = new Set(['GET', 'HEAD']);

/** Calls an HTTP server with a keep-alive connection, follows no redirect, and reads the answer to its end. */
export async function callHttp(
  { method, url, headers, body }: HttpCall,
  signal: AbortSignal,
): Promise<EndpointResponse> {
  const sent =
    BODILESS.has(method) || body.length === 0 ? undefined : typeof body === 'string' ? body : new Uint8Array(body);
  const response = await fetch(url, {
    method,
    headers,
    ...(sent !== undefined && { body: sent }),
    redirect: 'manual',
    signal,
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const received = new Map<string, string>(response.headers);
  // The body was decoded and is sent with a length of its own.
  for (const name of ['connection', 'content-encoding', 'content-length', 'keep-alive', 'transfer-encoding']) {
    received.delete(name);
  }
  return { status: response.status, selectBy: String(response.status), headers: received, body: bytes };
}

/** Fills `{parameters}` of an integration's URI in, and adds the query string. */
export function fillUri(
  uri: string,
  path: ReadonlyMap<string, string>,
  query: Iterable<readonly [string, string]>,
): string {
  const filled = uri.replace(/\{(\w+)\+?\}/g, (_, name: string) =>
    (path.get(name) ?? '').split('/').map(encodeURIComponent).join('/'),
  );
  const search = new URLSearchParams([...query].map(([name, value]): [string, string] => [name, value])).toString();
  if (search === '') return filled;
  return `${filled}${filled.includes('?') ? '&' : '?'}${search}`;
}
