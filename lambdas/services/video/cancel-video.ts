import type { Clock } from '../../adapters/clock.ts';
import type { Outbox } from '../../adapters/outbox.ts';
import type { VideosTable } from '../../adapters/videos-table.ts';
import type { VideoWork } from '../../contract/video.ts';
import { ServiceError } from '../../errors/service-error.ts';
import { findOwnVideo } from './find-own-video.ts';
import { callerName } from './upload-key.ts';

export interface CancelVideoDependencies {
  readonly videos: Pick<VideosTable, 'find' | 'cancel' | 'startRemoval'>;
  readonly outbox: Pick<Outbox, 'work'>;
  readonly clock: Clock;
}

/** A video changes twice in its life after it was accepted; whoever meets it at both finds it at rest. */
const ATTEMPTS_MAX = 3;

/**
 * Cancels a video that is not done, and removes one that is. Again changes nothing. Rejects with 404 `no-such-video`.
 *
 * A worker that is at it stops at its next step. Files are removed by work in the queue, which is accepted together with
 * the change of the record: it is done once more for as long as it fails, and nobody has to ask again.
 */
export async function cancelVideo(
  dependencies: CancelVideoDependencies,
  {
    videoId,
    sub,
    traceparent,
  }: { readonly videoId: string; readonly sub: string; readonly traceparent: string | undefined },
): Promise<void> {
  const { videos, outbox, clock } = dependencies;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const { status } = await findOwnVideo(videos, { videoId, sub });
    if (status === 'cancelled') return;
    const nowMs = clock.now();
    if (status === 'queued' || status === 'processing') {
      if (await videos.cancel(videoId, nowMs)) return;
      continue;
    }
    const removal = outbox.work('video', {
      id: `${videoId}:remove`,
      acceptedAtMs: nowMs,
      ...(traceparent !== undefined && { traceparent }),
      group: callerName(sub),
      data: { action: 'remove', videoId } satisfies VideoWork,
    });
    if (await videos.startRemoval(videoId, [removal])) return;
  }
  throw new ServiceError('video-changing', 'the video changed meanwhile; send the request again', { statusCode: 409 });
}
