import * as v from 'valibot';

const WorkerSpec = v.object({
  /** What the queue holds, by the name that operators use: `WorkName`, or another queue's name. */
  name: v.string(),
  queueUrl: v.string(),
  /** Where the worker sends what it sets aside. */
  deadLetterUrl: v.string(),
  /** How often a message is tried before it is set aside. */
  attempts: v.number(),
  /** Longest wait after the first attempt; it doubles with each further one: full jitter. */
  retryBaseSeconds: v.number(),
  /** Longest wait of all. */
  retryCapSeconds: v.number(),
  /** Whether both queues keep an order per group: what waits holds up those behind it, and a send names its group. */
  isFifo: v.boolean(),
});

/** How the worker of a queue treats messages that fail. */
export type WorkerSpec = v.InferOutput<typeof WorkerSpec>;

/** Parses `Env.WORKER`. */
export const WorkerSpecJson = v.pipe(v.string(), v.parseJson(), WorkerSpec);
