import * as v from 'valibot';

/** Answer to a request that went into a queue without a service. */
export const QueuedAccepted = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.description('names the work, in logs and in what comes of it; also in Work-Id')),
    status: v.literal('queued'),
  }),
  v.title('QueuedAccepted'),
);
export type QueuedAccepted = v.InferOutput<typeof QueuedAccepted>;
