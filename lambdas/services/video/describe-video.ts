import type { MediaLinks } from '../../adapters/media/media-links.ts';
import type { VideoRecord } from '../../adapters/videos-table.ts';
import { RENDITION_SECONDS, type Video } from '../../contract/video.ts';

export interface DescribeVideoDependencies {
  readonly links: Pick<MediaLinks, 'presignDownload'>;
}

/** A video as its owner sees it; whoever has a link of a rendition reads it for a while. */
export async function describeVideo(
  { links }: DescribeVideoDependencies,
  record: VideoRecord & { readonly status: Video['status'] },
): Promise<Video> {
  const { videoId: id, title, status, acceptedAtMs, progress, facts, renditions = [], reason } = record;
  const video = { id, title, status, createdAt: new Date(acceptedAtMs).toISOString() };
  if (status === 'processing') return { ...video, progress };
  if (status === 'failed') return { ...video, ...(reason !== undefined && { reason }) };
  if (status !== 'ready' || facts === undefined) return video;
  const { format, width, height, durationMs, codecs } = facts;
  const linked = renditions.map(async ({ key, ...rendition }) => ({
    ...rendition,
    url: await links.presignDownload(key, RENDITION_SECONDS),
  }));
  return {
    ...video,
    format,
    width,
    height,
    ...(durationMs !== undefined && { durationSeconds: durationMs / 1_000 }),
    codecs,
    renditions: await Promise.all(linked),
  };
}
