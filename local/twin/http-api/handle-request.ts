import { describeLimit } from '../gateway/admission.ts';
import type { HttpExchange } from './http-exchange.ts';
import type { HttpReply } from './http-reply.ts';
import { decodeSegments } from './http-request.ts';
import { parseQueryParameters } from './query-parameters.ts';
import { type Refusal, refuse } from './refusal.ts';
import { matchRouteTable } from './route-table.ts';
import type { RouteThrottles } from './route-throttles.ts';
import { selectStage } from './select-stage.ts';
import type { HttpApiModel } from './template/read-http-api.ts';

/** Serves one request whose body has been read, or could not be. Never rejects. */
export async function handleRequest(
  api: HttpApiModel,
  exchange: HttpExchange,
  body: Buffer | 'too-large',
  throttles: RouteThrottles,
  nowMs: () => number,
): Promise<HttpReply> {
  let answer: HttpReply | Refusal;
  try {
    answer = await serve(api, exchange, body, throttles, nowMs);
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    answer = refuse('DEFAULT_5XX', `the twin failed: ${reason}`);
  }
  if (answer.kind === 'refusal') exchange.refusal = answer;
  const reply = answer.kind === 'refusal' ? refusalReply(answer) : answer;
  exchange.status = reply.status;
  return api.cors === undefined || reply.status === 204 ? reply : api.cors.apply(exchange.request, reply);
}

/**
 * The way of a request through an HTTP API: stage, route, preflight, authorizer, throttles, integration. A preflight is
 * answered by the API even where no route takes OPTIONS, but a route that does and asks for a caller asks first.
 */
async function serve(
  api: HttpApiModel,
  exchange: HttpExchange,
  body: Buffer | 'too-large',
  throttles: RouteThrottles,
  nowMs: () => number,
): Promise<HttpReply | Refusal> {
  const { request } = exchange;
  if (request.headersTooLarge) {
    return refuse('DEFAULT_4XX', 'request line and headers have more than 10,240 bytes', {
      status: 431,
      message: 'Request Header Fields Too Large',
    });
  }
  const selected = selectStage(api.stages, request.rawSegments);
  const segments = selected && decodeSegments(selected.rawSegments);
  const query = parseQueryParameters(request.rawQueryString);
  if (selected === undefined || !selected.stage.deployed) {
    return refuse('RESOURCE_NOT_FOUND', `no deployed stage serves /${request.rawSegments.join('/')}`);
  }
  if (segments === undefined || query === undefined) {
    return refuse('DEFAULT_4XX', 'the path or the query string has broken percent-encoding');
  }
  const { stage } = selected;
  exchange.stage = stage;
  exchange.query = query;
  const path = `/${segments.join('/')}`;
  exchange.path = stage.name === '$default' ? path : `/${stage.name}${path}`;
  const match = matchRouteTable(api.routeTable, request.method, segments);
  const preflight = api.cors?.preflight(request);
  if (match === undefined) {
    return preflight ?? refuse('RESOURCE_NOT_FOUND', `no route serves ${request.method} ${path}`);
  }
  const { route } = match;
  exchange.route = route;
  if (match.pathParameters !== undefined) exchange.pathParameters = match.pathParameters;
  if (body === 'too-large') return refuse('REQUEST_TOO_LARGE', 'the body has more than 10 MB');
  exchange.body = body;

  const unauthorized = await route.authorizer?.authorize(exchange, route.scopes);
  if (unauthorized !== undefined) return unauthorized;
  if (preflight !== undefined) return preflight;
  const denial = throttles.take(stage.name, route.key, stage.throttleOf(route.key), nowMs());
  if (denial !== undefined) {
    const limit = describeLimit(denial.limit);
    const who = denial.level === 'account' ? "the account's throttle refuses" : `the stage throttles ${route.key}`;
    return refuse('THROTTLED', `${who}: ${limit}`, { throttle: { level: denial.level, limit } });
  }
  return route.integration.call(exchange);
}

function refusalReply({ status, message, headers = [] }: Refusal): HttpReply {
  return {
    kind: 'reply',
    status,
    headers: [['content-type', 'application/json'], ...headers],
    body: JSON.stringify({ message }),
  };
}
