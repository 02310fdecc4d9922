import { ServiceError } from '../errors/service-error.ts';
import type { Reply, ServiceMiddleware } from './exchange.ts';
import { problemReply } from './problem-reply.ts';

/** Turns what was thrown into `application/problem+json`. What nobody meant to throw becomes a bare 500. */
export function problemJson(): ServiceMiddleware {
  return {
    // The response is set, not returned: middy takes a returned one as the end and skips the middlewares further out.
    onError: (request) => {
      request.response = toReply(request.error, request.event.requestContext?.requestId);
    },
  };
}

function toReply(error: unknown, requestId: string | undefined): Reply {
  if (!(error instanceof ServiceError)) return problemReply({ code: 'internal-error', statusCode: 500, requestId });
  const { code, statusCode, headers } = error;
  return problemReply({ code, statusCode, detail: error.expose ? error.message : undefined, requestId, headers });
}
