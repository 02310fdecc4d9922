import { Duration, Size, Stack } from 'aws-cdk-lib';
import { Env } from '../../../lambdas/contract/environment.ts';
import {
  CreateUploadRequest,
  CreateVideoRequest,
  Upload,
  VIDEO_PATH,
  VIDEO_WORK_SECONDS,
  Video,
  VideoAccepted,
} from '../../../lambdas/contract/video.ts';
import { Idempotency, useIdempotency } from '../../api/idempotency.ts';
import { LimitBy } from '../../api/limit-by.ts';
import { RateLimit } from '../../api/rate-limit.ts';
import { Route } from '../../api/route.ts';
import { WhenBehind } from '../../api/when-behind.ts';
import { QueueWorker } from '../../messaging/queue-worker.ts';
import { RabbitQueue } from '../../messaging/rabbitmq-queue.ts';
import { WorkQueue } from '../../messaging/work-queue.ts';
import type { ServiceContext } from './service-context.ts';

/** Uploads, videos and what becomes of them; with the worker that looks at them. */
export function addVideoService(context: ServiceContext): QueueWorker {
  const { api, data } = context;
  const { media, tables } = data;
  const queue = data.work.video;
  const video = api.addService('Video', {
    handler: 'video',
    description: 'Accepts uploads and videos, and tells what became of them',
    ...context.functionOptions('video'),
    routes: [
      Route.post('/api/video/uploads', {
        scope: 'video:write',
        summary: 'Ask for leave to upload a file',
        ...context.throttled('POST /api/video/uploads'),
        limits: [RateLimit.tokenBucket({ by: LimitBy.USER, ratePerSecond: 2, burst: 20 })],
        body: CreateUploadRequest,
        responses: { 201: Upload },
      }),
      Route.post('/api/video', {
        scope: 'video:write',
        summary: 'Have an upload processed',
        ...context.throttled('POST /api/video'),
        limits: [RateLimit.tokenBucket({ by: LimitBy.USER, ratePerSecond: 2, burst: 20 })],
        idempotency: Idempotency.optional(),
        // The age of what waits in RabbitMQ nobody knows.
        ...(queue instanceof WorkQueue && { whenBehind: WhenBehind.byPriority(queue) }),
        body: CreateVideoRequest,
        responses: { 202: VideoAccepted },
      }),
      Route.get(VIDEO_PATH, {
        scope: 'video:read',
        summary: 'Read what became of a video',
        ...context.throttled('GET /api/video/{videoId}'),
        responses: { 200: Video },
      }),
      Route.delete(VIDEO_PATH, {
        scope: 'video:write',
        summary: 'Cancel a video, or remove one that is done',
        ...context.throttled('DELETE /api/video/{videoId}'),
        responses: { 204: Route.NO_BODY },
      }),
    ],
  });
  video.useTable(tables.videos, {
    environment: Env.VIDEOS_TABLE,
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  });
  video.useTable(tables.outbox, { environment: Env.OUTBOX_TABLE, actions: ['dynamodb:PutItem'] });
  useIdempotency(video, tables.idempotency);
  // What it signs, others do with its rights.
  media.usedBy(video, { uploads: ['s3:PutObject'], videos: ['s3:GetObject'] });
  return addWorker(context);
}

function addWorker(context: ServiceContext): QueueWorker {
  const { media, tables, work } = context.data;
  const worker = new QueueWorker(Stack.of(context.api), 'VideoWorker', {
    handler: work.video instanceof RabbitQueue ? 'workers/video-rabbitmq' : 'workers/video',
    description: 'Looks at uploads, and makes images of other sizes of them',
    queue: work.video,
    timeout: Duration.seconds(VIDEO_WORK_SECONDS),
    // A whole core, and room for 40 million pixels three times over.
    memory: Size.mebibytes(1_769),
    // An image has the core and the memory to itself, and each message its own time.
    batchSize: 1,
    expectedItemTime: Duration.seconds(3),
    // What S3 does not have now it may have in a while; what is wrong with a file is not tried again.
    retryBase: Duration.seconds(20),
    retryCap: Duration.minutes(10),
    ...context.workerOptions('videoWorker'),
  });
  worker.function.useTable(tables.videos, {
    environment: Env.VIDEOS_TABLE,
    actions: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
  });
  worker.function.useTable(tables.outbox, { environment: Env.OUTBOX_TABLE, actions: ['dynamodb:PutItem'] });
  media.usedBy(worker.function, {
    uploads: ['s3:GetObject'],
    videos: ['s3:DeleteObject', 's3:PutObject'],
    findsUploads: true,
  });
  return worker;
}
