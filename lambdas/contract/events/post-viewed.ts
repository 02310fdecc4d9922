import * as v from 'valibot';
import { cloudEvent } from './cloud-event.ts';

/** Somebody looked at a post. `subject`: the post. */
export const PostViewed = cloudEvent('PostViewed', v.object({ postId: v.string(), viewerId: v.string() }));
export type PostViewed = v.InferOutput<typeof PostViewed>;
