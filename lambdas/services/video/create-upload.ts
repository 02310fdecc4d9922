import type { Clock } from '../../adapters/clock.ts';
import type { IdGenerator } from '../../adapters/id-generator.ts';
import type { MediaLinks } from '../../adapters/media/media-links.ts';
import { type CreateUploadRequest, UPLOAD_SECONDS, UPLOAD_TYPES, type Upload } from '../../contract/video.ts';
import { ServiceError } from '../../errors/service-error.ts';
import { uploadKey } from './upload-key.ts';

export interface CreateUploadDependencies {
  readonly links: Pick<MediaLinks, 'presignUpload'>;
  readonly nextId: IdGenerator;
  readonly clock: Clock;
}

/**
 * Permits the caller to upload one file of this type and of exactly this size, straight to the bucket: S3 refuses any other.
 * Rejects with 400 `unsupported-content-type`, and 413 `upload-too-large`.
 */
export async function createUpload(
  { links, nextId, clock }: CreateUploadDependencies,
  { sub, contentType, bytes }: CreateUploadRequest & { readonly sub: string },
): Promise<Upload> {
  const type = Object.hasOwn(UPLOAD_TYPES, contentType) ? UPLOAD_TYPES[contentType] : undefined;
  if (type === undefined) {
    const known = Object.keys(UPLOAD_TYPES).join(', ');
    throw new ServiceError('unsupported-content-type', `contentType: expected one of ${known}, got '${contentType}'`, {
      statusCode: 400,
    });
  }
  if (bytes > type.maxBytes) {
    const message = `bytes: ${contentType} may have ${type.maxBytes} bytes at most, got ${bytes}`;
    throw new ServiceError('upload-too-large', message, { statusCode: 413 });
  }
  const source = uploadKey(sub, nextId());
  // Before it is signed, so that what is said is never later than what holds.
  const expiresAt = new Date(clock.now() + UPLOAD_SECONDS * 1_000).toISOString();
  const upload = await links.presignUpload({ key: source, contentType, bytes, seconds: UPLOAD_SECONDS });
  return { source, upload: { url: upload.url, fields: { ...upload.fields } }, expiresAt };
}
