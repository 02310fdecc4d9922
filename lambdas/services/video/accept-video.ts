import type { Clock } from '../../adapters/clock.ts';
import type { Outbox, TransactionItem } from '../../adapters/outbox.ts';
import type { VideosTable } from '../../adapters/videos-table.ts';
import { VIDEO_DEADLINE_SECONDS, type VideoWork } from '../../contract/video.ts';
import { ServiceError } from '../../errors/service-error.ts';
import { callerName, isOwnUpload } from './upload-key.ts';

export interface AcceptVideoDependencies {
  readonly videos: Pick<VideosTable, 'accept' | 'find'>;
  readonly outbox: Pick<Outbox, 'work'>;
  readonly clock: Clock;
}

export interface NewVideoRequest {
  readonly videoId: string;
  readonly sub: string;
  readonly title: string;
  readonly source: string;
  readonly traceparent: string | undefined;
  /** What else is to be written with it. */
  readonly alongside: readonly TransactionItem[];
}

/**
 * Accepts a video: its record and the work on it, in one transaction. True where that was done just now, and false where an
 * own earlier attempt had done it. Rejects with 400 `not-your-upload`, and 409 `video-exists` where the id names another one.
 *
 * Whether the upload is there is left to the worker. To ask S3 would make what is accepted wait for a second service, and
 * refuse it where that one fails; and the answer would not hold until the work is begun.
 */
export async function acceptVideo(
  { videos, outbox, clock }: AcceptVideoDependencies,
  { videoId, sub, title, source, traceparent, alongside }: NewVideoRequest,
): Promise<boolean> {
  if (!isOwnUpload(sub, source)) {
    const message = `source: expected an upload of yours, as POST /api/video/uploads answered it, got '${source}'`;
    throw new ServiceError('not-your-upload', message, { statusCode: 400 });
  }
  const acceptedAtMs = clock.now();
  const work = outbox.work('video', {
    id: videoId,
    acceptedAtMs,
    deadlineMs: acceptedAtMs + VIDEO_DEADLINE_SECONDS * 1_000,
    ...(traceparent !== undefined && { traceparent }),
    // One owner's many videos do not make all others wait.
    group: callerName(sub),
    data: { action: 'process', videoId } satisfies VideoWork,
  });
  const video = { videoId, ownerId: sub, title, source, acceptedAtMs };
  if (await videos.accept(video, [work, ...alongside])) return true;
  const present = await videos.find(videoId);
  if (present?.ownerId === sub && present.title === title && present.source === source) return false;
  throw new ServiceError('video-exists', 'there is another video of this id', { statusCode: 409 });
}
