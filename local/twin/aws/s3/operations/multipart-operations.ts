import { randomBytes } from 'node:crypto';
import type { AwsService, Input } from '../../aws-call.ts';
import { checksumHeader } from '../checksum.ts';
import { attributesOf, encryptionHeaders } from '../object-attributes.ts';
import type { S3Context, S3Output } from '../s3-context.ts';
import { s3Error } from '../s3-error.ts';
import { checksumAlgorithm, count, requiredText, text } from '../s3-members.ts';
import type { StoredChecksum, Upload } from '../storage/stored-object.ts';
import { completeUpload, typeOf } from './complete-upload.ts';
import { findUpload, PARTS_MAX, uploadPart } from './upload-part.ts';

const LISTED_MAX = 1_000;

/** Uploads in parts. */
export function multipartOperations(context: S3Context): AwsService {
  const { buckets, objects, nowMs } = context;
  return {
    CreateMultipartUpload: (input) => {
      const bucket = buckets.get(requiredText(input, 'Bucket'));
      const algorithm = checksumAlgorithm(input);
      const checksumType = checksumTypeOf(input) ?? (algorithm && typeOf(algorithm));
      const upload: Upload = {
        ...attributesOf(input, bucket),
        ...{ id: randomBytes(48).toString('base64url'), bucket: bucket.name, key: requiredText(input, 'Key') },
        startedMs: nowMs(),
        ...(algorithm && { algorithm }),
        ...(checksumType && { checksumType }),
      };
      objects.uploads.begin(upload);
      const value = { Bucket: bucket.name, Key: upload.key, UploadId: upload.id };
      const headers = {
        ...encryptionHeaders(upload),
        'x-amz-checksum-algorithm': algorithm,
        'x-amz-checksum-type': checksumType,
      };
      return { headers, xml: { root: 'InitiateMultipartUploadResult', value } } satisfies S3Output;
    },
    UploadPart: async (input) => {
      const { etag, checksum } = await uploadPart(context, input);
      const headers = { etag: `"${etag}"`, ...(checksum && { [checksumHeader(checksum.algorithm)]: checksum.value }) };
      return { headers } satisfies S3Output;
    },
    CompleteMultipartUpload: async (input, { endpointUrl }) => {
      const { etag, checksum, ...object } = await completeUpload(context, input);
      const [Bucket, Key] = [requiredText(input, 'Bucket'), requiredText(input, 'Key')];
      const value = {
        Location: `${endpointUrl}/${Bucket}/${Key.split('/').map(encodeURIComponent).join('/')}`,
        ...{ Bucket, Key, ETag: `"${etag}"` },
        ...(checksum && { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type }),
      };
      const headers = encryptionHeaders(object);
      return { headers, xml: { root: 'CompleteMultipartUploadResult', value } } satisfies S3Output;
    },
    AbortMultipartUpload: (input) => {
      objects.uploads.end(findUpload(context, input).id);
      return { statusCode: 204 } satisfies S3Output;
    },
    ListParts: (input) => {
      const { id, bucket, key, algorithm, checksumType } = findUpload(context, input);
      const marker = count(input, 'PartNumberMarker', PARTS_MAX) % PARTS_MAX;
      const limit = count(input, 'MaxParts', LISTED_MAX);
      const parts = objects.uploads.parts(id).filter(({ number }) => number > marker);
      const page = parts.slice(0, limit);
      const value = {
        ...{ Bucket: bucket, Key: key, UploadId: id, PartNumberMarker: marker, MaxParts: limit },
        NextPartNumberMarker: page.at(-1)?.number ?? marker,
        IsTruncated: page.length < parts.length,
        ...{ StorageClass: 'STANDARD', ChecksumAlgorithm: algorithm, ChecksumType: checksumType },
        Part: page.map(({ number, etag, size, modifiedMs, checksum }) => ({
          ...{ PartNumber: number, LastModified: new Date(modifiedMs).toISOString(), ETag: `"${etag}"`, Size: size },
          ...(checksum && { [`Checksum${checksum.algorithm}`]: checksum.value }),
        })),
      };
      return { xml: { root: 'ListPartsResult', value } } satisfies S3Output;
    },
    ListMultipartUploads: (input) => {
      const { name } = buckets.get(requiredText(input, 'Bucket'));
      const Prefix = text(input, 'Prefix') ?? '';
      if (text(input, 'Delimiter') !== undefined) {
        throw s3Error('NotImplemented', 'the twin lists uploads without a delimiter only');
      }
      const [keyMarker, idMarker] = [text(input, 'KeyMarker') ?? '', text(input, 'UploadIdMarker')];
      const limit = count(input, 'MaxUploads', LISTED_MAX);
      const all = objects.uploads.list(name).filter(({ key }) => key.startsWith(Prefix));
      const rest = all.slice(afterMarkers(all, keyMarker, idMarker));
      const page = rest.slice(0, limit);
      const isTruncated = page.length < rest.length;
      const value = {
        ...{ Bucket: name, KeyMarker: keyMarker, UploadIdMarker: idMarker, Prefix, MaxUploads: limit },
        NextKeyMarker: isTruncated ? page.at(-1)?.key : undefined,
        NextUploadIdMarker: isTruncated ? page.at(-1)?.id : undefined,
        IsTruncated: isTruncated,
        Upload: page.map(({ id, key, startedMs, algorithm, checksumType }) => ({
          ...{ Key: key, UploadId: id, Initiated: new Date(startedMs).toISOString(), StorageClass: 'STANDARD' },
          ...{ ChecksumAlgorithm: algorithm, ChecksumType: checksumType },
        })),
      };
      return { xml: { root: 'ListMultipartUploadsResult', value } } satisfies S3Output;
    },
  };
}

function checksumTypeOf(input: Input): StoredChecksum['type'] | undefined {
  const value = text(input, 'ChecksumType');
  if (value === undefined || value === 'COMPOSITE' || value === 'FULL_OBJECT') return value;
  throw s3Error('InvalidRequest', `Value for x-amz-checksum-type header is invalid: ${value}`);
}

/** Where the uploads after a key begin, or those after one upload of that key. */
function afterMarkers(uploads: readonly Upload[], keyMarker: string, idMarker: string | undefined): number {
  const marked = idMarker === undefined ? -1 : uploads.findIndex(({ id, key }) => id === idMarker && key === keyMarker);
  if (marked >= 0) return marked + 1;
  const first = uploads.findIndex(({ key }) => Buffer.compare(Buffer.from(key), Buffer.from(keyMarker)) > 0);
  return first < 0 ? uploads.length : first;
}
