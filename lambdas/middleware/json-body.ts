import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ServiceError } from '../errors/service-error.ts';
import { exchangeOf, type ServiceMiddleware } from './exchange.ts';

/** Parses the body as JSON. Must come after `admission`: what is refused there is not worth parsing. */
export function jsonBody(): ServiceMiddleware {
  return {
    before: ({ event }) => {
      const exchange = exchangeOf(event);
      if (exchange.reply !== undefined || !event.body) return;
      exchange.body = parse(decodeBody(event));
    },
  };
}

/** The body for whoever must look into it before it is parsed; undefined where it is none, which `jsonBody` refuses later. */
export function peekJsonBody(event: APIGatewayProxyEvent): unknown {
  try {
    return event.body ? parse(decodeBody(event)) : undefined;
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

/** The body as text. */
export function decodeBody({ body, isBase64Encoded }: APIGatewayProxyEvent): string {
  return isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString('utf8') : (body ?? '');
}

/** Some escape names a surrogate: most bodies have none, and need no second look. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

function parse(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ServiceError('invalid-json', 'the body is not valid JSON', { statusCode: 400, cause });
  }
  if (SURROGATE_ESCAPE.test(text) && !isWellFormed(value)) {
    throw new ServiceError('invalid-json', 'the body holds half a surrogate pair', { statusCode: 400 });
  }
  return value;
}

/**
 * Half a surrogate pair can be escaped in JSON but not written in UTF-8 (RFC 7493, section 2.1): whatever stored it would
 * give back another text, and two passwords would be one. A list stands in for recursion, which deep bodies would exhaust.
 */
function isWellFormed(root: unknown): boolean {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string' && !value.isWellFormed()) return false;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, member] of Object.entries(value)) waiting.push(name, member);
  }
  return true;
}
