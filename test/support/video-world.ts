import { createImageCodec, type ImageCodec } from '../../lambdas/adapters/media/image-codec.ts';
import { createMediaProbe, type MediaProbe } from '../../lambdas/adapters/media/media-probe.ts';
import { createOutbox } from '../../lambdas/adapters/outbox.ts';
import type { VideoRecord } from '../../lambdas/adapters/videos-table.ts';
import { VIDEO_WORK_SECONDS } from '../../lambdas/contract/video.ts';
import { processVideo } from '../../lambdas/workers/video/process-video.ts';
import { CODEC_BYTES, MEDIA_INFO_PATH } from './codec-bytes.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryMediaBucket, MemoryVideos } from './memory-videos.ts';
import { RecordingLogger } from './recording-logger.ts';

const SOURCE = 'uploads/ann/01ARZ3NDEKTSV4RRFFQ69G5FAV';

/** Takes everything for a PNG of 640 × 400 pixels, but a file that is text. */
const quickProbe: MediaProbe = async (bytes, read) => {
  const head = await read(Math.min(8, bytes), 0);
  if (Buffer.from(head).toString('latin1').startsWith('no ')) return undefined;
  return { family: 'png', format: 'png', width: 640, height: 400, codecs: ['PNG'], isCutOff: false };
};
const quickCodec: ImageCodec = {
  decode: async () => ({ data: new Uint8ClampedArray(640 * 400 * 4), width: 640, height: 400 }),
  encodeWebp: async () => Buffer.from('RIFF....WEBP'),
};

/**
 * What the worker of videos works with: records and files in memory, and codecs that take no time, or the real ones.
 */
export function createVideoWorld({ withCodecs = false } = {}) {
  const clock = new ManualClock();
  const videos = new MemoryVideos();
  const bucket = new MemoryMediaBucket();
  const logger = new RecordingLogger();
  let lastId = 0;
  const dependencies = {
    videos,
    bucket,
    clock,
    logger,
    outbox: createOutbox('outbox', clock),
    probe: withCodecs ? createMediaProbe(MEDIA_INFO_PATH) : quickProbe,
    codec: withCodecs ? createImageCodec(CODEC_BYTES) : quickCodec,
    nextId: () => {
      lastId += 1;
      return `id-${lastId}`;
    },
  };
  return {
    ...dependencies,
    dependencies,
    source: SOURCE,
    /** A video that was accepted, whose upload is there unless it says that there is none. */
    async accept(videoId: string, file?: Uint8Array, contentType = 'image/png') {
      if (file !== undefined) bucket.upload(SOURCE, file, contentType);
      await videos.accept({ videoId, ownerId: 'ann', title: 'A day', source: SOURCE, acceptedAtMs: clock.now() }, []);
    },
    process: (videoId: string, signal: AbortSignal = new AbortController().signal) =>
      processVideo(dependencies, { videoId, traceparent: undefined }, signal),
    record: (videoId: string): VideoRecord | undefined => videos.items.get(videoId),
    /** Keys of what was made of a video. */
    made: (videoId: string) => [...bucket.objects.keys()].filter((key) => key.startsWith(`videos/${videoId}/`)).sort(),
    /** What everybody was told, without the envelope. */
    told: () => videos.outbox.map(({ data }) => data),
    /** So long that whoever was at work is not any more. */
    passLease: () => clock.advance((VIDEO_WORK_SECONDS + 60) * 1_000),
  };
}
