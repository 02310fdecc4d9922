import type { Clock } from '../../adapters/clock.ts';
import type { IdGenerator } from '../../adapters/id-generator.ts';
import type { ServiceLogger } from '../../adapters/logger.ts';
import type { MediaBucket } from '../../adapters/media/media-bucket.ts';
import type { Outbox } from '../../adapters/outbox.ts';
import type { VideoClaim, VideoRecord, VideosTable } from '../../adapters/videos-table.ts';
import { VIDEO_LEASE_SECONDS } from '../../contract/video.ts';
import { type ExamineUploadDependencies, examineUpload } from './examine-upload.ts';
import { type RenderUploadDependencies, renderUpload } from './render-upload.ts';
import { renditionKeys } from './rendition-keys.ts';
import { UnusableUpload } from './unusable-upload.ts';
import { videoProcessed } from './video-event.ts';

export interface ProcessVideoDependencies extends ExamineUploadDependencies, RenderUploadDependencies {
  readonly videos: Omit<VideosTable, 'accept' | 'cancel' | 'startRemoval' | 'remove'>;
  readonly bucket: MediaBucket;
  readonly outbox: Pick<Outbox, 'event'>;
  readonly nextId: IdGenerator;
  readonly clock: Clock;
  readonly logger: ServiceLogger;
}

export interface VideoJob {
  readonly videoId: string;
  readonly traceparent: string | undefined;
}

/** Somebody else may be at work on it; it comes back until that is over. */
export class VideoBusy extends Error {
  readonly code = 'video-busy';
}

/** The claim is not ours any more: the video was cancelled, or taken up by somebody else. */
class ClaimLost extends Error {}

/**
 * Looks at an upload and makes of it what there is to make. Done again, it changes nothing that was done. Rejects where it is
 * to be tried again: the bucket or the table fails, the time is up (`signal`), or somebody else is at it (`VideoBusy`).
 *
 * A record is claimed before anything is read, and everything that is written to it depends on the claim: of two workers one
 * has its way. Results go to keys that are a function of the video, and status and event are written in one transaction, so
 * whoever is killed in between leaves nothing that the next one would not do alike.
 */
export async function processVideo(
  dependencies: ProcessVideoDependencies,
  { videoId, traceparent }: VideoJob,
  signal: AbortSignal,
): Promise<void> {
  const { videos, nextId, clock } = dependencies;
  const claim = { videoId, claimId: nextId() };
  const nowMs = clock.now();
  const record = await videos.claim({ ...claim, nowMs, leaseUntilMs: nowMs + VIDEO_LEASE_SECONDS * 1_000 });
  if (record === undefined) return passOver(dependencies, videoId, signal);
  try {
    await work(dependencies, { record, claim, traceparent }, signal);
  } catch (error) {
    if (error instanceof ClaimLost) return clearUp(dependencies, claim, signal);
    await giveBack(dependencies, claim);
    throw error;
  }
}

/** Decides what becomes of a delivery whose video is not there to be begun. */
async function passOver(dependencies: ProcessVideoDependencies, videoId: string, signal: AbortSignal): Promise<void> {
  const { videos, clock } = dependencies;
  const record = await videos.find(videoId);
  if (record === undefined) return;
  const { status, claimId, leaseUntilMs = 0 } = record;
  const isLeft = clock.now() >= leaseUntilMs;
  // Whoever had it may have given it back meanwhile: this may be the one message that it is begun again by.
  if (status === 'queued' || status === 'processing' || (status === 'cancelled' && claimId !== undefined && !isLeft)) {
    throw new VideoBusy(`somebody is at work on video ${videoId}, or has just been`);
  }
  // Whoever was at it when it was cancelled has died of something else, and left files.
  if (status === 'cancelled' && claimId !== undefined) await clearUp(dependencies, { videoId, claimId }, signal);
}

interface Work {
  readonly record: VideoRecord;
  readonly claim: VideoClaim;
  readonly traceparent: string | undefined;
}

async function work(dependencies: ProcessVideoDependencies, work: Work, signal: AbortSignal): Promise<void> {
  const { videos, outbox, nextId, clock } = dependencies;
  const { record, claim, traceparent } = work;
  const { videoId, ownerId } = record;
  const event = (data: { status: 'ready' | 'failed'; format?: string }) =>
    outbox.event(videoProcessed({ videoId, ownerId, ...data }, { id: nextId(), nowMs: clock.now(), traceparent }));
  const advance = async (progress: number) => {
    if (!(await videos.advance(claim, progress))) throw new ClaimLost();
  };
  try {
    const upload = await examineUpload(dependencies, record.source, signal);
    await advance(20);
    const result = await renderUpload(dependencies, { videoId, upload, advance }, signal);
    signal.throwIfAborted();
    if (!(await videos.finish(claim, result, [event({ status: 'ready', format: result.facts.format })]))) {
      throw new ClaimLost();
    }
  } catch (error) {
    if (!(error instanceof UnusableUpload)) throw error;
    const failure = { ...claim, reason: error.message, nowMs: clock.now(), mayRecover: false };
    if (!(await videos.fail(failure, [event({ status: 'failed' })]))) throw new ClaimLost();
  }
}

/** Removes what was made of a video that was cancelled meanwhile. Where somebody else took it up, the files are theirs. */
async function clearUp(
  { videos, bucket }: ProcessVideoDependencies,
  claim: VideoClaim,
  signal: AbortSignal,
): Promise<void> {
  const record = await videos.find(claim.videoId);
  if (record?.status !== 'cancelled' || record.claimId !== claim.claimId) return;
  await bucket.remove(renditionKeys(claim.videoId), signal);
  await videos.settle(claim);
}

/** So that the next delivery finds it free. Where that fails as well, the lease ends by itself. */
async function giveBack({ videos, logger }: ProcessVideoDependencies, claim: VideoClaim): Promise<void> {
  try {
    await videos.release(claim);
  } catch (error) {
    logger.warn('a video could not be given back, and waits for the end of its lease', { ...claim, error });
  }
}
