import type { Reply } from './exchange.ts';
import type { RouteReply } from './route-request.ts';

/** What a handler answers, as it is sent. */
export function toReply({ statusCode, headers, body }: RouteReply): Reply {
  if (body === undefined) return { statusCode, headers: { ...headers }, body: '' };
  return { statusCode, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
}
