import type { StoredRendition } from '../../adapters/videos-table.ts';

const FILES: Readonly<Record<StoredRendition['name'], string>> = {
  original: 'original',
  image: 'image.webp',
  thumbnail: 'thumbnail.webp',
};

/**
 * Where a rendition lies. A function of the video alone: work that is done once more writes over what it wrote before, and
 * whoever removes a video knows all that there can be.
 */
export function renditionKey(videoId: string, name: StoredRendition['name']): string {
  return `videos/${videoId}/${FILES[name]}`;
}

/** All files that there can be of a video. */
export function renditionKeys(videoId: string): readonly string[] {
  return (Object.keys(FILES) as StoredRendition['name'][]).map((name) => renditionKey(videoId, name));
}
