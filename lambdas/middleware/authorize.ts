import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as v from 'valibot';
import type { Clock } from '../adapters/clock.ts';
import { AuthorizerContext } from '../contract/authorizer-context.ts';
import { CLOCK_TOLERANCE_SECONDS } from '../contract/signing-key.ts';
import { ServiceError } from '../errors/service-error.ts';
import { exchangeOf, type ServiceMiddleware } from './exchange.ts';
import type { Caller } from './route-request.ts';

/**
 * Reads the caller from what the authorizer left, and checks again what its cached policy may have outlived: the end of
 * the token, and that the scope opens this very route. A public route has no caller.
 */
export function authorize(clock: Clock): ServiceMiddleware {
  return {
    before: ({ event }) => {
      const exchange = exchangeOf(event);
      const { scope } = exchange.route.spec;
      if (scope === undefined) return;
      const caller = readCaller(event);
      exchange.caller = caller;
      // Whoever was told to wait for the answer was known when they asked.
      const atMs = exchange.parked?.parkedAtMs ?? clock.now();
      if (Math.floor(atMs / 1_000) - CLOCK_TOLERANCE_SECONDS >= caller.expiresAtSeconds) {
        throw unauthorized('the token has expired');
      }
      if (!caller.scopes.includes(scope)) {
        throw new ServiceError('insufficient-scope', `${exchange.route.name} needs the scope '${scope}'`, {
          statusCode: 403,
          // RFC 6750, section 3.1.
          headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
        });
      }
    },
  };
}

function readCaller(event: APIGatewayProxyEvent): Caller {
  const context = v.safeParse(AuthorizerContext, event.requestContext.authorizer);
  if (!context.success) throw unauthorized('the request was not authenticated');
  const { sub, tier, scopes, exp, tenant, claims } = context.output;
  return {
    sub,
    tier,
    scopes: scopes.split(' '),
    expiresAtSeconds: exp,
    ...(tenant !== undefined && { tenant }),
    ...(claims && { claims }),
  };
}

function unauthorized(message: string): ServiceError {
  return new ServiceError('invalid-token', message, {
    statusCode: 401,
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  });
}
