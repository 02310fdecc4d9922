import type { ServiceMiddleware } from './exchange.ts';

const CORS_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  // Everything else than the few simple ones is hidden from a page that does not find it listed here.
  'Access-Control-Expose-Headers': 'Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Cache',
} as const;

/** Lets pages of any origin read the answers, the refusals included. Callers are known by token, never by cookie. */
export function cors(): ServiceMiddleware {
  const addHeaders: NonNullable<ServiceMiddleware['after']> = ({ response }) => {
    if (response) response.headers = Object.assign(response.headers ?? {}, CORS_HEADERS);
  };
  return { after: addHeaders, onError: addHeaders };
}
