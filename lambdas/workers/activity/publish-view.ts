import type { PublishEvent } from '../../adapters/event-publisher.ts';
import type { ActivityWork } from '../../contract/activity.ts';
import type { PostViewed } from '../../contract/events/post-viewed.ts';
import type { Job } from '../../middleware/queue-worker.ts';

/** The CloudEvents `source` of what callers tell about themselves. */
const SOURCE = '/spillway/activity';

/** Publishes `PostViewed`. Done again, it publishes nothing: the event's id follows from that of the work. */
export async function publishView(publish: PublishEvent, job: Job<ActivityWork>, signal: AbortSignal): Promise<void> {
  await publish(postViewed(job), signal);
}

function postViewed({ id, acceptedAtMs, traceparent, data: { sub, body } }: Job<ActivityWork>): PostViewed {
  return {
    specversion: '1.0',
    id: `${id}.PostViewed`,
    source: SOURCE,
    type: 'PostViewed',
    // When it was told of: it may have waited in the queue.
    time: new Date(acceptedAtMs).toISOString(),
    subject: body.postId,
    datacontenttype: 'application/json',
    ...(traceparent !== undefined && { traceparent }),
    data: { postId: body.postId, viewerId: sub },
  };
}
