import { createHash } from 'node:crypto';
import type { Input } from '../../aws-call.ts';
import { type ChecksumAlgorithm, createChecksum } from '../checksum.ts';
import { checkWrite } from '../conditions.ts';
import { copiedBytes } from '../copy-source.ts';
import type { S3Context } from '../s3-context.ts';
import { s3Error } from '../s3-error.ts';
import { expectedOf, text } from '../s3-members.ts';
import type { StoredChecksum, StoredObject, Upload, UploadedPart } from '../storage/stored-object.ts';
import { findUpload } from './upload-part.ts';

/** "Amazon S3 multipart upload limits": every part but the last. */
const PART_MIN_BYTES = 5 * 2 ** 20;

interface NamedPart {
  readonly PartNumber: number;
  readonly ETag?: string;
}

/** Makes an object of the parts that a request names; the others are deleted. @throws AwsError as S3 refuses. */
export async function completeUpload(context: S3Context, input: Input): Promise<StoredObject> {
  const upload = findUpload(context, input);
  const { objects, nowMs, tell } = context;
  const { bucket, key } = upload;
  const parts = namedParts(input, objects.uploads.parts(upload.id));
  checkWrite(input, key, objects.get(bucket, key));
  const etag = createHash('md5').update(Buffer.concat(parts.map((part) => Buffer.from(part.etag, 'hex'))));
  const object: StoredObject = {
    ...{ headers: upload.headers, metadata: upload.metadata, tags: upload.tags },
    ...{ etag: `${etag.digest('hex')}-${parts.length}`, modifiedMs: nowMs(), isMultipart: true },
    size: parts.reduce((sum, { size }) => sum + size, 0),
    parts: parts.map(({ blob, size }) => ({ blob, size })),
  };
  const checksum = await checksumOf(context, upload, object, parts);
  checkChecksum(input, checksum);
  // While a checksum of the whole was counted somebody may have written, or ended the upload.
  findUpload(context, input);
  checkWrite(input, key, objects.get(bucket, key));
  const completed = { ...object, ...(checksum && { checksum }) };
  objects.put(bucket, key, completed);
  objects.uploads.end(upload.id, new Set(parts.map(({ blob }) => blob)));
  tell({ bucket, key, event: 'ObjectCreated:CompleteMultipartUpload', size: object.size, etag: object.etag });
  return completed;
}

function namedParts(input: Input, uploaded: readonly UploadedPart[]): UploadedPart[] {
  const { Parts: named = [] } = (input.MultipartUpload ?? {}) as { readonly Parts?: readonly NamedPart[] };
  if (named.length === 0) throw s3Error('MalformedXML', 'a completed upload has at least one part');
  if (named.some(({ PartNumber }, index) => PartNumber <= (named[index - 1]?.PartNumber ?? 0))) {
    throw s3Error(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  }
  const parts = named.map(({ PartNumber, ETag }) => {
    const found = uploaded.find(({ number }) => number === PartNumber);
    if (!found || found.etag !== ETag?.replaceAll('"', '')) {
      const message =
        'One or more of the specified parts could not be found. The part may not have been uploaded, or the specified ' +
        "entity tag may not match the part's entity tag.";
      throw s3Error('InvalidPart', message, { PartNumber, ETag });
    }
    return found;
  });
  const small = parts.slice(0, -1).find(({ size }) => size < PART_MIN_BYTES);
  if (!small) return parts;
  throw s3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
    ...{ ProposedSize: small.size, MinSizeAllowed: PART_MIN_BYTES, PartNumber: small.number, ETag: small.etag },
  });
}

/** Of the parts' checksums, or of all bytes; `undefined` where a part has none. */
async function checksumOf(
  context: S3Context,
  { checksumType }: Upload,
  object: StoredObject,
  parts: readonly UploadedPart[],
): Promise<StoredChecksum | undefined> {
  const algorithm = parts[0]?.checksum?.algorithm;
  if (!algorithm || parts.some(({ checksum }) => checksum?.algorithm !== algorithm)) return undefined;
  const type = checksumType ?? typeOf(algorithm);
  const whole = createChecksum(algorithm);
  if (type === 'COMPOSITE') {
    for (const { checksum } of parts) whole.update(Buffer.from(checksum?.value ?? '', 'base64'));
    return { algorithm, type, value: `${whole.digest()}-${parts.length}` };
  }
  for await (const bytes of copiedBytes(context, object, { from: 0, to: object.size })) whole.update(bytes);
  return { algorithm, type, value: whole.digest() };
}

/** "Full object and composite checksum types": CRC-64 knows the first only, the others are composite unless asked. */
export function typeOf(algorithm: ChecksumAlgorithm): StoredChecksum['type'] {
  return algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
}

function checkChecksum(input: Input, counted: StoredChecksum | undefined): void {
  const given = expectedOf(input).checksum;
  if (!given || !counted || text(input, 'ChecksumType') === undefined) return;
  if (given.algorithm === counted.algorithm && given.value === counted.value) return;
  throw s3Error('BadDigest', `The ${given.algorithm} you specified did not match the calculated checksum.`);
}
