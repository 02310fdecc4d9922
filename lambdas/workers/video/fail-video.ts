import type { Clock } from '../../adapters/clock.ts';
import type { IdGenerator } from '../../adapters/id-generator.ts';
import type { Outbox } from '../../adapters/outbox.ts';
import type { VideosTable } from '../../adapters/videos-table.ts';
import { VideoBusy, type VideoJob } from './process-video.ts';
import { videoProcessed } from './video-event.ts';

export interface FailVideoDependencies {
  readonly videos: Pick<VideosTable, 'find' | 'fail'>;
  readonly outbox: Pick<Outbox, 'event'>;
  readonly nextId: IdGenerator;
  readonly clock: Clock;
}

/**
 * Records that a video failed for no fault of its upload's, unless it has come to an end already. Rejects with `VideoBusy`
 * while somebody may be at work on it: what they find out counts.
 */
export async function failVideo(
  { videos, outbox, nextId, clock }: FailVideoDependencies,
  { videoId, traceparent, reason, mayRecover }: VideoJob & { readonly reason: string; readonly mayRecover: boolean },
): Promise<void> {
  const record = await videos.find(videoId);
  if (record === undefined || (record.status !== 'queued' && record.status !== 'processing')) return;
  const nowMs = clock.now();
  const event = videoProcessed(
    { videoId, ownerId: record.ownerId, status: 'failed' },
    { id: nextId(), nowMs, traceparent },
  );
  if (await videos.fail({ videoId, reason, nowMs, mayRecover }, [outbox.event(event)])) return;
  throw new VideoBusy(`somebody is at work on video ${videoId}, or has just been`);
}
