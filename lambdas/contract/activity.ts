import * as v from 'valibot';
import { ULID_PATTERN } from './ulid-pattern.ts';

/** Body of `POST /api/activity`: what the caller did. */
export const ActivityRequest = v.pipe(
  v.strictObject({
    type: v.literal('post-viewed'),
    // Whether there is such a post is not asked, since nobody would wait for the answer.
    postId: v.pipe(v.string(), v.regex(ULID_PATTERN)),
  }),
  v.title('ActivityRequest'),
);
export type ActivityRequest = v.InferOutput<typeof ActivityRequest>;

/** `data` of the work that API Gateway makes of it, without a Lambda: the body, and whose token it came with. */
export const ActivityWork = v.object({ sub: v.pipe(v.string(), v.minLength(1)), body: ActivityRequest });
export type ActivityWork = v.InferOutput<typeof ActivityWork>;
