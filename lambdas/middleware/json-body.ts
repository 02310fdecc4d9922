import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ServiceError } from '../errors/service-error.ts';
import { exchangeOf, type ServiceMiddleware } from './exchange.ts';

/** Parses the body as JSON. Must come after `rateLimit`: what is refused there is not worth parsing. */
export function jsonBody(): ServiceMiddleware {
  return {
    before: ({ event }) => {
      const exchange = exchangeOf(event);
      if (exchange.reply !== undefined || !event.body) return;
      exchange.body = parse(decode(event));
    },
  };
}

function decode({ body, isBase64Encoded }: APIGatewayProxyEvent): string {
  return isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString('utf8') : (body ?? '');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ServiceError('invalid-json', 'the body is not valid JSON', { statusCode: 400, cause });
  }
}
