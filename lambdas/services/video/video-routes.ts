import { CreateUploadRequest, CreateVideoRequest, type VideoAccepted } from '../../contract/video.ts';
import { apiBasePath } from '../../middleware/api-base-path.ts';
import { parseOrReject } from '../../middleware/parse.ts';
import { requireCaller } from '../../middleware/require-caller.ts';
import type { RouteHandler, RouteReply } from '../../middleware/route-request.ts';
import { type AcceptVideoDependencies, acceptVideo } from './accept-video.ts';
import { type CancelVideoDependencies, cancelVideo } from './cancel-video.ts';
import { type CreateUploadDependencies, createUpload } from './create-upload.ts';
import { type DescribeVideoDependencies, describeVideo } from './describe-video.ts';
import { findOwnVideo } from './find-own-video.ts';

export type VideoDependencies = CreateUploadDependencies &
  AcceptVideoDependencies &
  CancelVideoDependencies &
  DescribeVideoDependencies;

/** Most are done in a few seconds. */
const RETRY_AFTER_SECONDS = '2';

/** What the video service answers on each of its routes. */
export function videoRoutes(dependencies: VideoDependencies): Readonly<Record<string, RouteHandler>> {
  const { videos } = dependencies;
  return {
    'POST /api/video/uploads': async (request) => {
      const { sub } = requireCaller(request);
      const body = parseOrReject(CreateUploadRequest, request.body);
      return { statusCode: 201, body: await createUpload(dependencies, { ...body, sub }) };
    },
    'POST /api/video': async (request) => {
      const { sub } = requireCaller(request);
      const body = parseOrReject(CreateVideoRequest, request.body);
      const { effectId: videoId, traceparent, completion } = request;
      const reply = accepted(`${apiBasePath(request.event)}/api/video/${videoId}`, videoId);
      const alongside = completion === undefined ? [] : [completion(reply)];
      const isNew = await acceptVideo(dependencies, { ...body, videoId, sub, traceparent, alongside });
      // Another object where nothing was written: then the answer was not kept with it either.
      return isNew ? reply : { ...reply };
    },
    'GET /api/video/{videoId}': async (request) => {
      const { sub } = requireCaller(request);
      const { videoId = '' } = request.path;
      const record = await findOwnVideo(videos, { videoId, sub });
      const body = await describeVideo(dependencies, record);
      const isWaiting = record.status === 'queued' || record.status === 'processing';
      return { statusCode: 200, ...(isWaiting && { headers: { 'Retry-After': RETRY_AFTER_SECONDS } }), body };
    },
    'DELETE /api/video/{videoId}': async (request) => {
      const { sub } = requireCaller(request);
      const { videoId = '' } = request.path;
      await cancelVideo(dependencies, { videoId, sub, traceparent: request.traceparent });
      return { statusCode: 204 };
    },
  };
}

function accepted(statusUrl: string, id: string): RouteReply {
  const body: VideoAccepted = { id, status: 'queued', statusUrl };
  return { statusCode: 202, headers: { Location: statusUrl, 'Retry-After': RETRY_AFTER_SECONDS }, body };
}
