import * as v from 'valibot';

/** Where the state of a parked request is read, by the caller who made it and nobody else. */
export const PARKED_PATH = '/api/parked/{parkedId}';

/** Bounds of how long a request may be parked, in seconds: `readmissionDelayMs` tries some 150 times at most in any of them. */
export const PARK_SECONDS_MIN = 1;
export const PARK_SECONDS_MAX = 3_600;

/** SQS takes 1 MiB in a message; what is larger is shed. */
export const PARKED_MESSAGE_MAX_BYTES = 1_048_576;

/**
 * A message comes back each time that its request is still shed, which SQS counts as a delivery. This is the most that SQS
 * allows before a message becomes a dead letter; `readmissionDelayMs` stays below it.
 */
export const PARKED_RECEIVES_MAX = 1_000;

/**
 * A request that was begun before its deadline may have had its effect, so it is finished afterwards as well; this long
 * after the deadline nobody tries any more.
 */
export const PARKED_FINISH_SECONDS = 900;

/** How long the state of a parked request can be read after its deadline. */
export const PARKED_KEPT_SECONDS = 86_400;

const Deadline = v.pipe(v.string(), v.isoTimestamp(), v.description('not begun after this time'));

/** What a caller is told instead of an answer: 202. */
export const ParkedAccepted = v.pipe(
  v.object({
    parkedId: v.string(),
    status: v.literal('queued'),
    statusUrl: v.pipe(v.string(), v.description('path of the status resource; also in Location')),
    estimatedSeconds: v.pipe(v.number(), v.integer(), v.description('also in Retry-After')),
    deadline: Deadline,
  }),
  v.title('ParkedAccepted'),
);
export type ParkedAccepted = v.InferOutput<typeof ParkedAccepted>;

/** What the parked request would have been answered. */
export const ParkedAnswer = v.object({
  statusCode: v.pipe(v.number(), v.integer()),
  headers: v.record(v.string(), v.string()),
  body: v.optional(v.pipe(v.unknown(), v.description('JSON as it is, anything else as text'))),
  isBodyOmitted: v.optional(v.pipe(v.boolean(), v.description('the body was too large to be kept'))),
});
export type ParkedAnswer = v.InferOutput<typeof ParkedAnswer>;

/** State of a parked request. One that was not begun by its deadline is a 504 problem instead. */
export const ParkedStatus = v.pipe(
  v.object({
    parkedId: v.string(),
    status: v.picklist(['queued', 'running', 'done']),
    deadline: Deadline,
    answer: v.optional(ParkedAnswer),
  }),
  v.title('ParkedStatus'),
);
export type ParkedStatus = v.InferOutput<typeof ParkedStatus>;
