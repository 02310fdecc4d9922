import * as v from 'valibot';
import { cloudEvent } from './cloud-event.ts';

/** An upload was looked at and is ready, or was found to be none that anybody can play. `subject`: the video. */
export const VideoProcessed = cloudEvent(
  'VideoProcessed',
  v.object({
    videoId: v.string(),
    ownerId: v.string(),
    status: v.picklist(['ready', 'failed']),
    /** Container or image format, such as `mp4`; absent where it was not recognized. */
    format: v.optional(v.string()),
  }),
);
export type VideoProcessed = v.InferOutput<typeof VideoProcessed>;
