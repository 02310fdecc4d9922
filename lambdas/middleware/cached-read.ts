import { hash } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { ReadCache } from '../adapters/read-cache.ts';
import { type Exchange, exchangeOf, type Reply, type ServiceMiddleware, type ServiceRoute } from './exchange.ts';

/** What the cached read works with. */
export interface CachedReadOptions {
  readonly routes: Iterable<ServiceRoute>;
  readonly cache: ReadCache;
}

const CACHE_HEADER = 'X-Cache';

/**
 * Answers a GET with `cacheForSeconds` from the cache: the caller's own 200 to the same request, and never one from
 * before that caller's last successful write to this service, so that callers read their own writes. What others wrote
 * shows after `cacheForSeconds` at the latest. Must come after `rateLimit`: a cached answer counts as well.
 */
export function cachedRead({ routes, cache }: CachedReadOptions): ServiceMiddleware {
  const isUsed = [...routes].some(({ spec }) => spec.cacheForSeconds !== undefined);
  return {
    before: async ({ event }) => {
      const exchange = exchangeOf(event);
      const { cacheForSeconds } = exchange.route.spec;
      if (exchange.reply !== undefined || cacheForSeconds === undefined || event.httpMethod !== 'GET') return;
      const key = entryKey(exchange, event);
      const { value, version } = await cache.get(groupOf(exchange), key);
      if (value === undefined) {
        exchange.cache = 'miss';
        exchange.keepAs = { key, version, ttlMs: cacheForSeconds * 1_000 };
      } else {
        exchange.cache = 'hit';
        exchange.reply = restore(value);
      }
    },
    after: async ({ event, response }) => {
      if (!isUsed || !response) return;
      const exchange = exchangeOf(event);
      const { cache: outcome, keepAs } = exchange;
      if (event.httpMethod !== 'GET' && response.statusCode < 400) await cache.invalidate(groupOf(exchange));
      if (keepAs !== undefined && response.statusCode === 200) {
        const { key, version, ttlMs } = keepAs;
        await cache.set(groupOf(exchange), key, keep(response.headers, response.body), version, ttlMs);
      }
      if (outcome !== undefined) response.headers = Object.assign(response.headers ?? {}, { [CACHE_HEADER]: outcome });
    },
  };
}

/** Entries of a caller are invalidated together; those of public routes belong to nobody and run out by time. */
function groupOf({ caller }: Exchange): string {
  return caller === undefined ? 'public' : `user:${caller.sub}`;
}

/** Caller, route, path and query. Hashed, since a path and query of any length would make keys of any length. */
function entryKey({ caller, route }: Exchange, event: APIGatewayProxyEvent): string {
  const query = Object.entries(event.multiValueQueryStringParameters ?? event.queryStringParameters ?? {}).sort(
    ([a], [b]) => (a < b ? -1 : 1),
  );
  return hash('sha256', JSON.stringify([caller?.sub, route.name, event.path, query]), 'base64url');
}

/** Headers on the first line, the body behind it as it is. */
function keep(headers: unknown, body: string): string {
  return `${JSON.stringify(headers ?? {})}\n${body}`;
}

function restore(value: string): Reply {
  const end = value.indexOf('\n');
  return { statusCode: 200, headers: JSON.parse(value.slice(0, end)), body: value.slice(end + 1) };
}
