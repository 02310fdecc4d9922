import * as v from 'valibot';
import { cloudEvent, EventName } from './cloud-event.ts';

/** Somebody looked at a post. `subject`: the post. */
export const PostViewed = cloudEvent('PostViewed', v.object({ postId: EventName, viewerId: v.string() }));
export type PostViewed = v.InferOutput<typeof PostViewed>;
