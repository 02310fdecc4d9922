import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { HttpExchange } from '../http-exchange.ts';
import type { HttpReply } from '../http-reply.ts';
import type { HttpIntegration } from '../http-route.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { RequestMapping } from './request-mapping.ts';

export interface HttpProxyOptions {
  /** URL with path parameters in braces: `https://example.com/{proxy}`. */
  readonly uriOf: (exchange: HttpExchange) => string;
  /** Method to call with; `ANY` keeps the caller's. */
  readonly method: string;
  readonly timeoutMs: number;
  readonly mapRequest: RequestMapping;
  readonly nowMs: () => number;
}

const AGENTS = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
const DROPPED = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** HTTP_PROXY: passes the request to a URL and its answer back. A URL that does not answer in time, or at all, is a 503. */
export function httpProxy({ uriOf, method, timeoutMs, mapRequest, nowMs }: HttpProxyOptions): HttpIntegration {
  return {
    type: 'HTTP_PROXY',
    functionArn: undefined,
    async call(exchange) {
      const startedAtMs = nowMs();
      const answer = await send(exchange);
      exchange.integrationLatencyMs = nowMs() - startedAtMs;
      if (answer.kind === 'refusal') exchange.integrationError = answer.reason;
      else exchange.integrationStatus = answer.status;
      return answer;
    },
  };

  function send(exchange: HttpExchange): Promise<HttpReply | Refusal> {
    const seen = mapRequest(exchange);
    const { request, body } = seen;
    let url: URL;
    try {
      url = targetUrl(uriOf(exchange), seen, seen.path === exchange.path ? undefined : seen.path);
    } catch {
      const reason = `IntegrationUri must be a URL, got ${uriOf(exchange)}`;
      return Promise.resolve(refuse('INTEGRATION_FAILURE', reason));
    }
    const { host: _host, 'content-length': _length, ...passed } = request.headers;
    const headers: Record<string, string> = passed;
    headers.forwarded = `for=${request.sourceIp};host=${request.headers.host ?? ''};proto=http`;
    if (body.length > 0) headers['content-length'] = String(body.length);
    const secure = url.protocol === 'https:';
    return new Promise((resolve) => {
      const outgoing = (secure ? httpsRequest : httpRequest)(url, {
        method: method === 'ANY' ? request.method : method,
        headers,
        agent: secure ? AGENTS.https : AGENTS.http,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const fail = (error: Error) =>
        resolve(refuse('INTEGRATION_TIMEOUT', `${url.origin} did not answer: ${error.message}`));
      outgoing.on('error', fail);
      outgoing.on('response', (response) => readReply(response).then(resolve, fail));
      outgoing.end(body.length > 0 ? body : undefined);
    });
  }
}

/** Fills path parameters in, or takes the mapped path, and appends the query string. */
function targetUrl(uri: string, { pathParameters, request }: HttpExchange, mappedPath: string | undefined): URL {
  const filled = uri.replace(/\{([^{}+]+)\+?\}/g, (_, name: string) =>
    (pathParameters?.[name] ?? '').split('/').map(encodeURIComponent).join('/'),
  );
  const url = new URL(filled);
  if (mappedPath !== undefined) url.pathname = mappedPath;
  if (request.rawQueryString !== '') {
    url.search = url.search === '' ? request.rawQueryString : `${url.search}&${request.rawQueryString}`;
  }
  return url;
}

async function readReply(response: IncomingMessage): Promise<HttpReply> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < response.rawHeaders.length; index += 2) {
    const name = (response.rawHeaders[index] ?? '').toLowerCase();
    if (!DROPPED.has(name)) headers.push([name, response.rawHeaders[index + 1] ?? '']);
  }
  return { kind: 'reply', status: response.statusCode ?? 502, headers, body: Buffer.concat(chunks) };
}
