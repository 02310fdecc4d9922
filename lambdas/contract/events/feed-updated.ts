import * as v from 'valibot';
import { cloudEvent } from './cloud-event.ts';

/** Somebody published a post. `subject`: the author. */
export const FeedUpdated = cloudEvent(
  'FeedUpdated',
  v.object({ postId: v.string(), authorId: v.string(), createdAt: v.string() }),
);
export type FeedUpdated = v.InferOutput<typeof FeedUpdated>;
