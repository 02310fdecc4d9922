import { createDocumentClient } from '../../adapters/document-client.ts';
import { createIdGenerator } from '../../adapters/id-generator.ts';
import { BUNDLED_CODECS, bundledMediaInfoUrl } from '../../adapters/media/bundled-modules.ts';
import { createImageCodec } from '../../adapters/media/image-codec.ts';
import { createMediaBucket } from '../../adapters/media/media-bucket.ts';
import { createMediaProbe } from '../../adapters/media/media-probe.ts';
import { createS3Client } from '../../adapters/media/s3-client.ts';
import type { QueueWorkerRuntime } from '../../adapters/messaging/worker-runtime.ts';
import { createOutbox } from '../../adapters/outbox.ts';
import { type Environment, readVariable } from '../../adapters/read-environment.ts';
import { createVideosTable } from '../../adapters/videos-table.ts';
import { Env } from '../../contract/environment.ts';
import { videoJobs } from './video-jobs.ts';

/** The worker of videos, whichever queue brings them. @throws RangeError where a variable is missing */
export function environmentVideoJobs(
  env: Environment,
  { clock, logger }: Pick<QueueWorkerRuntime, 'clock' | 'logger'>,
) {
  return {
    ...videoJobs({
      videos: createVideosTable(createDocumentClient(), readVariable(env, Env.VIDEOS_TABLE)),
      outbox: createOutbox(readVariable(env, Env.OUTBOX_TABLE), clock),
      bucket: createMediaBucket(createS3Client(), readVariable(env, Env.MEDIA_BUCKET)),
      probe: createMediaProbe(bundledMediaInfoUrl()),
      codec: createImageCodec(BUNDLED_CODECS),
      nextId: createIdGenerator(clock),
      clock,
      logger,
    }),
    // An image takes most of the memory there is.
    concurrency: 1,
  };
}
