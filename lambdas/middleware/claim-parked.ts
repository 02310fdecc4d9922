import { exchangeOf, type ServiceMiddleware } from './exchange.ts';
import { problemReply } from './problem-reply.ts';
import { findReadmission } from './readmission.ts';

/**
 * Begins a parked request once it is admitted: of all who were delivered its message, one alone goes on to the handler.
 * Must come after `admission`, so that a request which is still shed costs no write, and before anything that answers or
 * works.
 */
export function claimParked(): ServiceMiddleware {
  return {
    before: async ({ event }) => {
      const readmission = findReadmission(event);
      if (readmission === undefined) return;
      const exchange = exchangeOf(event);
      if (exchange.reply !== undefined) return;
      readmission.claimed = (await readmission.claim()) ? 'ours' : 'refused';
      if (readmission.claimed === 'ours') return;
      // Seen by nobody but the log: the one who has the request answers it.
      exchange.reply = problemReply({
        code: 'parked-elsewhere',
        statusCode: 409,
        detail: 'somebody else has begun this request, or its deadline has passed',
        requestId: exchange.requestId,
      });
    },
  };
}
