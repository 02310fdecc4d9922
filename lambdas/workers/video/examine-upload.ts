import type { MediaBucket, StoredObject } from '../../adapters/media/media-bucket.ts';
import type { MediaProbe, ProbedMedia } from '../../adapters/media/media-probe.ts';
import type { MediaFacts } from '../../adapters/videos-table.ts';
import { IMAGE_MAX_PIXELS, type MediaFamily, UPLOAD_TYPES } from '../../contract/video.ts';
import { UnusableUpload } from './unusable-upload.ts';

export interface ExamineUploadDependencies {
  readonly bucket: Pick<MediaBucket, 'find' | 'read'>;
  readonly probe: MediaProbe;
}

/** An upload that something can be made of. */
export interface ExaminedUpload {
  readonly object: StoredObject;
  readonly family: MediaFamily;
  readonly facts: MediaFacts;
}

/** Rejects with `UnusableUpload` where its owner is to be told, and as the bucket does where it cannot be read now. */
export async function examineUpload(
  { bucket, probe }: ExamineUploadDependencies,
  source: string,
  signal: AbortSignal,
): Promise<ExaminedUpload> {
  const object = await bucket.find(source, signal);
  if (object === undefined) throw new UnusableUpload('nothing was uploaded, or it was too long ago');
  if (object.bytes === 0) throw new UnusableUpload('the file is empty');
  const { contentType } = object;
  const declared = Object.hasOwn(UPLOAD_TYPES, contentType) ? UPLOAD_TYPES[contentType] : undefined;
  // The form asks S3 for one of these types and a size within its bounds, so it was put there by somebody else.
  if (declared === undefined || object.bytes > declared.maxBytes) {
    throw new UnusableUpload(`the file is of a type or a size that is not taken (${contentType})`);
  }
  const found = await probe(object.bytes, (length, offset) => bucket.read(object, signal, { length, offset }));
  if (found === undefined) throw new UnusableUpload('the file is of no format that is known here, or it is damaged');
  if (found.family !== declared.family) {
    throw new UnusableUpload(`the file says that it is ${contentType}, but it is ${found.format}`);
  }
  return { object, family: found.family, facts: assertFacts(found) };
}

function assertFacts({ family, format, width, height, durationMs, codecs, isCutOff }: ProbedMedia): MediaFacts {
  if (isCutOff) throw new UnusableUpload('the file is cut off: its end is missing');
  if (width === undefined || height === undefined) throw new UnusableUpload(`the ${format} file has no picture in it`);
  const isVideo = family === 'iso' || family === 'matroska';
  if (!isVideo && width * height > IMAGE_MAX_PIXELS) {
    const most = IMAGE_MAX_PIXELS / 1_000_000;
    throw new UnusableUpload(`the image has ${width} × ${height} pixels, and ${most} million are the most`);
  }
  return { format, width, height, ...(isVideo && durationMs !== undefined && { durationMs }), codecs: [...codecs] };
}
