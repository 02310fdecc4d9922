import type { AwsService, Input } from '../../aws-call.ts';
import { checkWrite } from '../conditions.ts';
import { attributesOf, checksumHeaders, encryptionHeaders } from '../object-attributes.ts';
import { receiveBody } from '../receive-body.ts';
import type { S3Context, S3Output } from '../s3-context.ts';
import { bodyOf, checksumAlgorithm, expectedOf, requiredText } from '../s3-members.ts';
import type { ObjectAttributes, StoredObject } from '../storage/stored-object.ts';

/** PutObject, DeleteObject, DeleteObjects. */
export function writeOperations(context: S3Context): AwsService {
  const { buckets, objects, tell } = context;
  const remove = (bucket: string, key: string): void => {
    if (objects.delete(bucket, key)) tell({ bucket, key, event: 'ObjectRemoved:Delete' });
  };
  return {
    PutObject: async (input) => {
      const object = await putObject(context, input, { event: 'ObjectCreated:Put' });
      const headers = { etag: `"${object.etag}"`, ...checksumHeaders(object), ...encryptionHeaders(object) };
      return { headers } satisfies S3Output;
    },
    DeleteObject: (input) => {
      const { name } = buckets.get(requiredText(input, 'Bucket'));
      const key = requiredText(input, 'Key');
      const { IfMatch } = input;
      if (IfMatch !== undefined) checkWrite({ IfMatch }, key, objects.get(name, key));
      remove(name, key);
      return { statusCode: 204 } satisfies S3Output;
    },
    DeleteObjects: (input) => {
      const { name } = buckets.get(requiredText(input, 'Bucket'));
      const { Objects = [], Quiet } = (input.Delete ?? {}) as DeleteMember;
      for (const { Key } of Objects) remove(name, Key);
      const Deleted = Quiet === true ? [] : Objects.map(({ Key }) => ({ Key }));
      return { xml: { root: 'DeleteResult', value: { Deleted } } } satisfies S3Output;
    },
  };
}

interface DeleteMember {
  readonly Objects?: readonly { readonly Key: string }[];
  readonly Quiet?: boolean;
}

export interface PutOptions {
  /** What is told of it. */
  readonly event: string;
  /** @default - what the members of the request say */
  readonly attributes?: ObjectAttributes;
}

/**
 * Takes an object's body, and puts it in the place of what is there, at once: readers see the one or the other.
 *
 * @throws AwsError where the body is not what its sender said, or a condition does not hold, before or after it came.
 */
export async function putObject(
  { buckets, objects, nowMs, tell }: S3Context,
  input: Input,
  { event, attributes: given }: PutOptions,
): Promise<StoredObject> {
  const bucket = buckets.get(requiredText(input, 'Bucket'));
  const key = requiredText(input, 'Key');
  const attributes = given ?? attributesOf(input, bucket);
  checkWrite(input, key, objects.get(bucket.name, key));
  const algorithm = checksumAlgorithm(input);
  const { blob, size, md5, checksum } = await receiveBody(bodyOf(input), objects.blobs, {
    ...expectedOf(input),
    algorithm,
  });
  try {
    // Somebody else may have written while the body came.
    checkWrite(input, key, objects.get(bucket.name, key));
    // The bucket may be gone as well.
    buckets.get(bucket.name);
  } catch (error) {
    objects.blobs.delete(blob);
    throw error;
  }
  const object: StoredObject = {
    ...attributes,
    ...{ etag: md5, size, modifiedMs: nowMs(), parts: [{ blob, size }], isMultipart: false },
    ...(checksum && { checksum: { ...checksum, type: 'FULL_OBJECT' } }),
  };
  objects.put(bucket.name, key, object);
  tell({ bucket: bucket.name, key, event, size, etag: md5 });
  return object;
}
