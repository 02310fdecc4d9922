import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

/** What a browser needs to upload one file: fields of a form, with the file after them. */
export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Permits others to use the bucket, by signatures that are made here: nobody is called. They end with the credentials of
 * the function as well, whatever is said here.
 */
export interface MediaLinks {
  /** Permits whoever has the answer to upload one object of exactly this key, type and size. */
  presignUpload(upload: {
    readonly key: string;
    readonly contentType: string;
    readonly bytes: number;
    readonly seconds: number;
  }): Promise<UploadForm>;
  /** A link by which whoever has it reads the object. */
  presignDownload(key: string, seconds: number): Promise<string>;
}

export function createMediaLinks(client: S3Client, bucket: string): MediaLinks {
  return {
    async presignUpload({ key, contentType, bytes, seconds }) {
      const { url, fields } = await createPresignedPost(client, {
        Bucket: bucket,
        Key: key,
        // A field's value becomes a condition of its own, which asks for that very value.
        Fields: { 'Content-Type': contentType },
        Conditions: [['content-length-range', bytes, bytes]],
        Expires: seconds,
      });
      return { url, fields };
    },
    presignDownload: (key, seconds) =>
      getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: seconds }),
  };
}
