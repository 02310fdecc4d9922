import { createDocumentClient } from '../../adapters/document-client.ts';
import { createIdGenerator } from '../../adapters/id-generator.ts';
import { createEnvironmentIdempotency } from '../../adapters/idempotency/environment-idempotency.ts';
import { createMediaLinks } from '../../adapters/media/media-links.ts';
import { createS3Client } from '../../adapters/media/s3-client.ts';
import { createOutbox } from '../../adapters/outbox.ts';
import { readVariable } from '../../adapters/read-environment.ts';
import { createServiceRuntime } from '../../adapters/service-runtime.ts';
import { createVideosTable } from '../../adapters/videos-table.ts';
import { Env } from '../../contract/environment.ts';
import { createServiceHandler } from '../../middleware/service-handler.ts';
import { videoRoutes } from './video-routes.ts';

const { env } = process;
const runtime = createServiceRuntime(env);
const { clock } = runtime;

export const handler = createServiceHandler({
  ...runtime,
  idempotency: createEnvironmentIdempotency(env, runtime),
  handlers: videoRoutes({
    videos: createVideosTable(createDocumentClient(), readVariable(env, Env.VIDEOS_TABLE)),
    outbox: createOutbox(readVariable(env, Env.OUTBOX_TABLE), clock),
    links: createMediaLinks(createS3Client(), readVariable(env, Env.MEDIA_BUCKET)),
    nextId: createIdGenerator(clock),
    clock,
  }),
});
