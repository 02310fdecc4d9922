import { admit, identifyClient } from './admission.ts';
import { type Refusal, refuse } from './answer/refusal.ts';
import type { Reply } from './answer/reply.ts';
import type { Exchange } from './exchange.ts';
import type { AccountThrottle } from './model/account-throttle.ts';
import { matchRoute } from './model/route-tree.ts';
import type { ThrottleState } from './model/throttles.ts';
import { checkResourcePolicy } from './resource-policy-check.ts';
import type { RestApi } from './template/read-rest-api.ts';

/** Serves one request whose body has been read, or could not be. */
export type HandleRequest = (exchange: Exchange, body: Buffer | 'too-large') => Promise<Reply>;

export interface HandleOptions {
  readonly account: AccountThrottle;
  readonly throttles: ThrottleState;
  readonly nowMs: () => number;
}

/**
 * The way of a request through a REST API: route, resource policy, authorizer, API key, throttles and quotas, validation, integration.
 * The first step that refuses ends it, and every refusal goes out through the template's gateway responses.
 */
export function requestHandler(api: RestApi, { account, throttles, nowMs }: HandleOptions): HandleRequest {
  return async (exchange, body) => {
    let answer: Reply | Refusal;
    try {
      answer = await serve(exchange, body);
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      answer = refuse('DEFAULT_5XX', `the twin's gateway failed: ${reason}`);
    }
    const reply = answer.kind === 'refusal' ? api.answerRefusal(answer, exchange) : answer;
    exchange.status = reply.status;
    return reply;
  };

  async function serve(exchange: Exchange, body: Buffer | 'too-large'): Promise<Reply | Refusal> {
    const { request } = exchange;
    if (request.headersTooLarge) {
      return refuse('DEFAULT_4XX', 'request line and headers have more than 10,240 bytes', {
        status: 431,
        message: 'Request Header Fields Too Large',
      });
    }
    if (request.query === undefined) return refuse('DEFAULT_4XX', 'the query string has broken percent-encoding');
    const match = matchRoute(api.routeTree, request.method, request.rawPath);
    if (match.kind === 'malformed') return refuse('DEFAULT_4XX', 'the path has broken percent-encoding');
    if (match.kind === 'no-match') {
      return refuse('MISSING_AUTHENTICATION_TOKEN', `no route serves ${request.method} ${request.rawPath}`);
    }
    const { route } = match;
    exchange.route = route;
    if (match.pathParameters !== undefined) exchange.pathParameters = match.pathParameters;
    if (body === 'too-large') return refuse('REQUEST_TOO_LARGE', 'the body has more than 10 MB');
    exchange.body = body;

    if (api.policy !== undefined) {
      const denied = checkResourcePolicy(api.policy, exchange, route.authorizer !== undefined, nowMs());
      if (denied !== undefined) return denied;
    }
    const asked = route.authorizer?.authorize(exchange);
    const unauthorized = asked instanceof Promise ? await asked : asked;
    if (unauthorized !== undefined) return unauthorized;
    const unidentified = identifyClient(api, route, exchange);
    if (unidentified !== undefined) return unidentified;
    const throttled = admit(route, exchange, account, throttles, nowMs());
    if (throttled !== undefined) return throttled;
    for (const check of route.checks) {
      const invalid = check(exchange);
      if (invalid !== undefined) return invalid;
    }
    return route.integration.call(exchange);
  }
}
