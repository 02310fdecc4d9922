import type { APIGatewayProxyEvent } from 'aws-lambda';
import { IDEMPOTENCY_KEY_HEADER, IDEMPOTENCY_KEY_PATTERN } from '../contract/idempotency.ts';
import { ServiceError } from '../errors/service-error.ts';
import { exchangeOf, type ServiceMiddleware } from './exchange.ts';
import { headerOf } from './header-of.ts';

/**
 * Reads the `Idempotency-Key` of a route that takes one, or refuses the request: before `admission`, as the refusal costs
 * nothing, and nobody should be told that a request waits which is refused when its turn comes. After `authorize`, since
 * a key is its caller's own.
 */
export function idempotencyKey(): ServiceMiddleware {
  return {
    before: ({ event }) => {
      const exchange = exchangeOf(event);
      const { name, spec } = exchange.route;
      if (spec.idempotency === undefined) return;
      const times = countOf(event, IDEMPOTENCY_KEY_HEADER.toLowerCase());
      if (times > 1) {
        // API Gateway tells of one of them, and which one is left to chance.
        throw new ServiceError('idempotency-key-invalid', `${IDEMPOTENCY_KEY_HEADER} must be sent once, got ${times}`, {
          statusCode: 400,
        });
      }
      const key = headerOf(event, IDEMPOTENCY_KEY_HEADER.toLowerCase());
      if (key === undefined) {
        if (!spec.idempotency.required) return;
        const message = `${name} needs the header ${IDEMPOTENCY_KEY_HEADER}, such as a UUID, the same each time that the request is sent`;
        throw new ServiceError('idempotency-key-missing', message, { statusCode: 400 });
      }
      if (!IDEMPOTENCY_KEY_PATTERN.test(key)) {
        throw new ServiceError(
          'idempotency-key-invalid',
          `${IDEMPOTENCY_KEY_HEADER} must be 1 to 255 visible ASCII characters, got ${key.length}`,
          { statusCode: 400 },
        );
      }
      exchange.idempotency = { key };
    },
  };
}

/** How often a header was sent, by its lower-case name. */
function countOf({ multiValueHeaders }: Pick<APIGatewayProxyEvent, 'multiValueHeaders'>, name: string): number {
  // Without any header it is null, whatever the types say.
  const all: Record<string, string[] | undefined> | null = multiValueHeaders;
  return Object.entries(all ?? {}).reduce(
    (count, [written, values = []]) => count + (written.toLowerCase() === name ? values.length : 0),
    0,
  );
}
