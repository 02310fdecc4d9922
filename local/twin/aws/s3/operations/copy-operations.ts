import type { AwsService, Input } from '../../aws-call.ts';
import { byteRange } from '../byte-range.ts';
import { copiedBytes, sourceOf } from '../copy-source.ts';
import { attributesOf, encryptionHeaders } from '../object-attributes.ts';
import type { S3Context, S3Output } from '../s3-context.ts';
import { s3Error } from '../s3-error.ts';
import { checksumAlgorithm, requiredText, text } from '../s3-members.ts';
import type { Bucket } from '../storage/bucket-store.ts';
import type { ObjectAttributes, StoredChecksum, StoredObject } from '../storage/stored-object.ts';
import { uploadPart } from './upload-part.ts';
import { putObject } from './write-operations.ts';

/** CopyObject, UploadPartCopy. */
export function copyOperations(context: S3Context): AwsService {
  return {
    CopyObject: async (input) => {
      const bucket = context.buckets.get(requiredText(input, 'Bucket'));
      const { object: source, ...from } = sourceOf(context, input);
      const isOntoItself = from.bucket === bucket.name && from.key === text(input, 'Key');
      if (isOntoItself && !isChanged(input)) {
        const message =
          "This copy request is illegal because it is trying to copy an object to itself without changing the object's " +
          'metadata, storage class, website redirect location or encryption attributes.';
        throw s3Error('InvalidRequest', message);
      }
      const Body = copiedBytes(context, source, { from: 0, to: source.size });
      const ChecksumAlgorithm = checksumAlgorithm(input) ?? source.checksum?.algorithm;
      const copy = await putObject(
        context,
        { ...input, Body, ChecksumAlgorithm, Expected: undefined },
        {
          event: 'ObjectCreated:Copy',
          attributes: copiedAttributes(input, bucket, source),
        },
      );
      return {
        headers: encryptionHeaders(copy),
        xml: { root: 'CopyObjectResult', value: { ...resultOf(copy.etag, copy.modifiedMs, copy.checksum) } },
      } satisfies S3Output;
    },
    UploadPartCopy: async (input) => {
      const { object } = sourceOf(context, input);
      const range = byteRange(text(input, 'CopySourceRange'), object.size) ?? { from: 0, to: object.size };
      const Body = copiedBytes(context, object, range);
      const part = await uploadPart(context, { ...input, Body, Expected: undefined });
      const value = resultOf(part.etag, part.modifiedMs, part.checksum);
      return { xml: { root: 'CopyPartResult', value } } satisfies S3Output;
    },
  };
}

function resultOf(etag: string, modifiedMs: number, checksum: Pick<StoredChecksum, 'algorithm' | 'value'> | undefined) {
  return {
    ...{ LastModified: new Date(modifiedMs).toISOString(), ETag: `"${etag}"` },
    ...(checksum && { [`Checksum${checksum.algorithm}`]: checksum.value }),
  };
}

function isChanged(input: Input): boolean {
  const changing = ['SSEKMSKeyId', 'ServerSideEncryption', 'StorageClass'];
  return text(input, 'MetadataDirective') === 'REPLACE' || changing.some((member) => text(input, member) !== undefined);
}

/** Of the source where the request does not replace them; encryption and storage class are always the request's. */
function copiedAttributes(input: Input, bucket: Bucket, source: StoredObject): ObjectAttributes {
  const own = attributesOf(input, bucket);
  const tags = text(input, 'TaggingDirective') === 'REPLACE' ? own.tags : source.tags;
  if (text(input, 'MetadataDirective') === 'REPLACE') return { ...own, tags };
  const ofRequest = ([name]: [string, string]): boolean => name.startsWith('x-amz-');
  const headers = Object.fromEntries([
    ...Object.entries(source.headers).filter((header) => !ofRequest(header)),
    ...Object.entries(own.headers).filter(ofRequest),
  ]);
  return { headers, metadata: source.metadata, tags };
}
