import { setImmediate } from 'node:timers/promises';
import type { Input } from '../aws-call.ts';
import type { ByteRange } from './byte-range.ts';
import { checkSource } from './conditions.ts';
import { bytesOf } from './object-bytes.ts';
import type { S3Context } from './s3-context.ts';
import { noSuchKey, s3Error } from './s3-error.ts';
import { requiredText } from './s3-members.ts';
import type { StoredObject } from './storage/stored-object.ts';

/** What `CopySource` names. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
}

/** `/bucket/key` or `bucket/key`, percent-encoded. @throws AwsError InvalidArgument, or NotImplemented for an older version. */
export function parseCopySource(text: string): CopySource {
  const [path = '', query = ''] = text.split('?');
  const [bucket = '', ...parts] = path.replace(/^\//, '').split('/');
  if (query !== '' && query !== 'versionId=null') {
    throw s3Error('NotImplemented', 'the twin keeps the last version of an object only');
  }
  try {
    const key = decodeURIComponent(parts.join('/'));
    if (bucket !== '' && key !== '') return { bucket, key };
  } catch {
    // Not percent-encoded UTF-8: refused below.
  }
  throw s3Error('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey', {
    ...{ ArgumentName: 'x-amz-copy-source', ArgumentValue: text },
  });
}

/** The object that a request copies from. @throws AwsError where it is not there, or a condition on it does not hold. */
export function sourceOf(
  { buckets, objects }: S3Context,
  input: Input,
): CopySource & { readonly object: StoredObject } {
  const source = parseCopySource(requiredText(input, 'CopySource'));
  const object = objects.get(buckets.get(source.bucket).name, source.key);
  if (!object) throw noSuchKey(source.key);
  checkSource(input, object);
  return { ...source, object };
}

/** A range of an object as the body of another, which stays there until it is copied. */
export async function* copiedBytes(
  { objects }: S3Context,
  object: StoredObject,
  range: ByteRange,
): AsyncGenerator<Buffer> {
  const release = objects.blobs.hold(object.parts);
  try {
    for (const bytes of bytesOf(objects.blobs, object.parts, range)) {
      yield bytes;
      // A copy of gigabytes may not keep everybody else waiting.
      await setImmediate();
    }
  } finally {
    release();
  }
}
