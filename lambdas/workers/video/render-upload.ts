import type { ImageCodec } from '../../adapters/media/image-codec.ts';
import type { MediaBucket } from '../../adapters/media/media-bucket.ts';
import type { MediaFacts, StoredRendition } from '../../adapters/videos-table.ts';
import { decodeUpload } from './decode-upload.ts';
import type { ExaminedUpload } from './examine-upload.ts';
import { renditionKey } from './rendition-keys.ts';
import { fittingSize, shrinkPixels } from './shrink-pixels.ts';

export interface RenderUploadDependencies {
  readonly bucket: Pick<MediaBucket, 'read' | 'copy' | 'put'>;
  readonly codec: ImageCodec;
}

export interface RenderedUpload {
  readonly facts: MediaFacts;
  readonly renditions: readonly StoredRendition[];
}

/** What is made of an image, the largest first: each is made from the one before. */
const WEBP_RENDITIONS = [
  { name: 'image', maxSide: 2_048, quality: 80 },
  { name: 'thumbnail', maxSide: 320, quality: 75 },
] as const;

/**
 * Keeps a copy of the upload that nobody can overwrite any more, and makes the renditions of an image; of a video there are
 * none. `advance` is told of each step, 40 to 95, and rejects to stop. Rejects with `UnusableUpload` for an image that cannot
 * be decoded, before anything is written.
 */
export async function renderUpload(
  { bucket, codec }: RenderUploadDependencies,
  {
    videoId,
    upload,
    advance,
  }: {
    readonly videoId: string;
    readonly upload: ExaminedUpload;
    readonly advance: (progress: number) => Promise<void>;
  },
  signal: AbortSignal,
): Promise<RenderedUpload> {
  const { object, family, facts } = upload;
  const keepOriginal = async ({ width, height }: MediaFacts): Promise<StoredRendition> => {
    const key = renditionKey(videoId, 'original');
    await bucket.copy(object, key, signal);
    const { contentType, bytes } = object;
    return { name: 'original', key, contentType, width, height, bytes };
  };
  if (family === 'iso' || family === 'matroska') return { facts, renditions: [await keepOriginal(facts)] };

  const file = new Uint8Array(await bucket.read(object, signal));
  let pixels = await decodeUpload(codec, family, file);
  // As it is shown: a camera that was held upright says so beside the pixels.
  const shown = { ...facts, width: pixels.width, height: pixels.height };
  await advance(40);
  const renditions: StoredRendition[] = [];
  for (const [index, { name, maxSide, quality }] of WEBP_RENDITIONS.entries()) {
    signal.throwIfAborted();
    const { width, height } = fittingSize(pixels, maxSide);
    pixels = shrinkPixels(pixels, width, height);
    const bytes = await codec.encodeWebp(pixels, quality);
    const key = renditionKey(videoId, name);
    await bucket.put(key, bytes, 'image/webp', signal);
    renditions.push({ name, key, contentType: 'image/webp', width, height, bytes: bytes.length });
    await advance(60 + 20 * index);
  }
  return { facts: shown, renditions: [await keepOriginal(shown), ...renditions] };
}
