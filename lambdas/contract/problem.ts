import * as v from 'valibot';

/** An error as callers see it: RFC 9457 `application/problem+json`. */
export const Problem = v.pipe(
  v.object({
    /** A URI that names the kind of problem: `urn:spillway:problem:<code>`. */
    type: v.string(),
    title: v.string(),
    status: v.pipe(v.number(), v.integer()),
    detail: v.optional(v.string()),
    /** The request id, to be quoted to an operator. */
    instance: v.optional(v.string()),
  }),
  v.title('Problem'),
);
export type Problem = v.InferOutput<typeof Problem>;

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** `rate-limited` → `urn:spillway:problem:rate-limited`. */
export function problemType(code: string): string {
  return `urn:spillway:problem:${code}`;
}
