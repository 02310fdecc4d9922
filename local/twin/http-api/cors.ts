import { matchesWildcard } from '../gateway/model/wildcard.ts';
import type { Properties } from '../gateway/template/properties.ts';
import type { HttpReply } from './http-reply.ts';
import type { HttpRequest } from './http-request.ts';

/** A CorsConfiguration: the API itself answers preflights, and writes the headers of every answer to another origin. */
export interface Cors {
  /** The answer to a preflight; undefined for any other request. */
  preflight(request: HttpRequest): HttpReply | undefined;
  /** The answer's headers: what the integration said of CORS is dropped, as API Gateway does. */
  apply(request: HttpRequest, reply: HttpReply): HttpReply;
}

/** Reads CorsConfiguration (developer guide, "Configure CORS for HTTP APIs"). */
export function readCors(properties: Properties): Cors {
  const origins = properties.texts('AllowOrigins').map((origin) => origin.toLowerCase());
  const credentials = properties.flag('AllowCredentials');
  if (credentials && origins.includes('*')) {
    properties.fail('AllowOrigins', "a list of origins without '*' while AllowCredentials is true");
  }
  const methods = properties.texts('AllowMethods').join(',').toUpperCase();
  const allowHeaders = properties.texts('AllowHeaders').join(',').toLowerCase();
  const exposeHeaders = properties.texts('ExposeHeaders').join(',').toLowerCase();
  const maxAge = properties.optionalNumber('MaxAge');

  return {
    preflight(request) {
      const { origin, 'access-control-request-method': asked } = request.headers;
      if (request.method !== 'OPTIONS' || origin === undefined || asked === undefined) return undefined;
      const headers = originHeaders(origin);
      if (headers.length > 0) {
        if (methods !== '') headers.push(['access-control-allow-methods', methods]);
        if (allowHeaders !== '') headers.push(['access-control-allow-headers', allowHeaders]);
        if (maxAge !== undefined) headers.push(['access-control-max-age', String(maxAge)]);
      }
      return { kind: 'reply', status: 204, headers, body: '' };
    },
    apply(request, reply) {
      const { origin } = request.headers;
      const own = reply.headers.filter(([name]) => !name.toLowerCase().startsWith('access-control-'));
      const headers = origin === undefined ? [] : originHeaders(origin);
      return { ...reply, headers: [...own, ...headers] };
    },
  };

  function originHeaders(origin: string): [string, string][] {
    const lower = origin.toLowerCase();
    const allowed = origins.some((pattern) => matchesWildcard(pattern, lower));
    if (!allowed) return [];
    const headers: [string, string][] = [['access-control-allow-origin', origins.includes('*') ? '*' : origin]];
    if (credentials) headers.push(['access-control-allow-credentials', 'true']);
    if (exposeHeaders !== '') headers.push(['access-control-expose-headers', exposeHeaders]);
    return headers;
  }
}
