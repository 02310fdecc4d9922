import type { VideoProcessed } from '../../contract/events/video-processed.ts';

/** The CloudEvents `source` of the video service. */
const SOURCE = '/spillway/video';

/** What everybody is told of a video that is done. */
export function videoProcessed(
  data: VideoProcessed['data'],
  { id, nowMs, traceparent }: { readonly id: string; readonly nowMs: number; readonly traceparent: string | undefined },
): VideoProcessed {
  return {
    specversion: '1.0',
    id,
    source: SOURCE,
    type: 'VideoProcessed',
    time: new Date(nowMs).toISOString(),
    subject: data.videoId,
    datacontenttype: 'application/json',
    ...(traceparent !== undefined && { traceparent }),
    data,
  };
}
