import type { MediaBucket } from '../../adapters/media/media-bucket.ts';
import type { VideosTable } from '../../adapters/videos-table.ts';
import { renditionKeys } from './rendition-keys.ts';

export interface RemoveVideoDependencies {
  readonly videos: Pick<VideosTable, 'find' | 'remove'>;
  readonly bucket: Pick<MediaBucket, 'remove'>;
}

/** Removes the files of a video whose removal was started, and then its record. Done again, it goes on where it was. */
export async function removeVideo(
  { videos, bucket }: RemoveVideoDependencies,
  videoId: string,
  signal: AbortSignal,
): Promise<void> {
  const record = await videos.find(videoId);
  if (record?.status !== 'removing') return;
  await bucket.remove(renditionKeys(videoId), signal);
  await videos.remove(videoId);
}
