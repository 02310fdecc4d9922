import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NotFound,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** One state of an object: whoever reads it by `etag` never reads half of it and half of another. */
export interface StoredObject {
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
  readonly contentType: string;
}

/** Uploads and what was made of them. All reject once the SDK's attempts are used up. */
export interface MediaBucket {
  /** Undefined where there is no such object. */
  find(key: string, signal: AbortSignal): Promise<StoredObject | undefined>;
  /** Bytes of the object; without a range all of them. Rejects where it is another one by now. */
  read(object: StoredObject, signal: AbortSignal, range?: ByteRange): Promise<Uint8Array>;
  put(key: string, bytes: Uint8Array, contentType: string, signal: AbortSignal): Promise<void>;
  /** Copies without the bytes passing here; up to 5 GB. Rejects where the object is another one by now. */
  copy(object: StoredObject, toKey: string, signal: AbortSignal): Promise<void>;
  /** At most 1,000 keys; what is not there is removed already. */
  remove(keys: readonly string[], signal: AbortSignal): Promise<void>;
}

export interface ByteRange {
  readonly offset: number;
  /** At least 1. */
  readonly length: number;
}

export function createMediaBucket(client: S3Client, bucket: string): MediaBucket {
  return {
    async find(key, signal) {
      try {
        const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
        const { ETag: etag = '', ContentLength: bytes = 0, ContentType: contentType = '' } = head;
        return { key, etag, bytes, contentType };
      } catch (error) {
        if (error instanceof NotFound) return undefined;
        throw error;
      }
    },
    async read({ key, etag }, signal, range) {
      const { Body } = await client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          IfMatch: etag,
          ...(range && { Range: `bytes=${range.offset}-${range.offset + range.length - 1}` }),
        }),
        { abortSignal: signal },
      );
      if (Body === undefined) throw new TypeError(`S3 answered '${key}' without a body`);
      return Body.transformToByteArray();
    },
    async put(key, bytes, contentType, signal) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: contentType }), {
        abortSignal: signal,
      });
    },
    async copy({ key, etag }, toKey, signal) {
      await client.send(
        new CopyObjectCommand({
          Bucket: bucket,
          Key: toKey,
          CopySource: `${bucket}/${encodeURIComponent(key)}`,
          CopySourceIfMatch: etag,
        }),
        { abortSignal: signal },
      );
    },
    async remove(keys, signal) {
      const { Errors = [] } = await client.send(
        new DeleteObjectsCommand({
          Bucket: bucket,
          Delete: { Objects: keys.map((key) => ({ Key: key })), Quiet: true },
        }),
        { abortSignal: signal },
      );
      const [first] = Errors;
      if (first !== undefined) throw new Error(`S3 did not remove '${first.Key}': ${first.Code} ${first.Message}`);
    },
  };
}
