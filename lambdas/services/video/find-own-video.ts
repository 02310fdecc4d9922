import type { VideoRecord, VideosTable } from '../../adapters/videos-table.ts';
import { ServiceError } from '../../errors/service-error.ts';

/** As ids of effects are: a UUID, a ULID or a digest. */
const VIDEO_ID = /^[\w-]{1,64}$/;

/** The caller's video, or 404 `no-such-video`: where there is none, it is somebody else's, or it is being removed. */
export async function findOwnVideo(
  videos: Pick<VideosTable, 'find'>,
  { videoId, sub }: { readonly videoId: string; readonly sub: string },
): Promise<VideoRecord & { readonly status: Exclude<VideoRecord['status'], 'removing'> }> {
  const record = VIDEO_ID.test(videoId) ? await videos.find(videoId) : undefined;
  if (record === undefined || record.ownerId !== sub || record.status === 'removing') {
    throw new ServiceError('no-such-video', 'you have no video of this id', { statusCode: 404 });
  }
  return { ...record, status: record.status };
}
