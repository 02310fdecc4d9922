import { CORS_ALLOWED_ORIGIN, CORS_EXPOSED_HEADERS } from '../contract/cors.ts';
import type { ServiceMiddleware } from './exchange.ts';

const CORS_HEADERS = {
  'Access-Control-Allow-Origin': CORS_ALLOWED_ORIGIN,
  // Everything else than the few simple ones is hidden from a page that does not find it listed here.
  'Access-Control-Expose-Headers': CORS_EXPOSED_HEADERS.join(', '),
} as const;

/** Lets pages of any origin read the answers, the refusals included. Callers are known by token, never by cookie. */
export function cors(): ServiceMiddleware {
  const addHeaders: NonNullable<ServiceMiddleware['after']> = ({ response }) => {
    if (response) response.headers = Object.assign(response.headers ?? {}, CORS_HEADERS);
  };
  return { after: addHeaders, onError: addHeaders };
}
