import type { Input } from '../../aws-call.ts';
import { receiveBody } from '../receive-body.ts';
import type { S3Context } from '../s3-context.ts';
import { noSuchUpload, s3Error } from '../s3-error.ts';
import { bodyOf, checksumAlgorithm, expectedOf, requiredText, text } from '../s3-members.ts';
import type { Upload, UploadedPart } from '../storage/stored-object.ts';

export const PARTS_MAX = 10_000;

/** The upload that a request names; its bucket and key have to be the upload's. @throws AwsError NoSuchUpload */
export function findUpload({ buckets, objects }: S3Context, input: Input): Upload {
  const { name } = buckets.get(requiredText(input, 'Bucket'));
  const id = requiredText(input, 'UploadId');
  const upload = objects.uploads.get(id);
  if (upload?.bucket === name && upload.key === requiredText(input, 'Key')) return upload;
  throw noSuchUpload(id);
}

/** Takes one part of an upload. @throws AwsError where the upload has ended, before or while the part came. */
export async function uploadPart(context: S3Context, input: Input): Promise<UploadedPart> {
  const { id, algorithm } = findUpload(context, input);
  const number = Number(text(input, 'PartNumber'));
  if (!Number.isInteger(number) || number < 1 || number > PARTS_MAX) {
    throw s3Error('InvalidArgument', `Part number must be an integer between 1 and ${PARTS_MAX}, inclusive`, {
      ...{ ArgumentName: 'partNumber', ArgumentValue: text(input, 'PartNumber') },
    });
  }
  const { objects, nowMs } = context;
  const received = await receiveBody(bodyOf(input), objects.blobs, {
    ...expectedOf(input),
    algorithm: checksumAlgorithm(input) ?? algorithm,
  });
  const { blob, size, md5, checksum } = received;
  if (objects.uploads.get(id) === undefined) {
    objects.blobs.delete(blob);
    throw noSuchUpload(id);
  }
  const part: UploadedPart = { number, blob, size, etag: md5, modifiedMs: nowMs(), ...(checksum && { checksum }) };
  objects.uploads.putPart(id, part);
  return part;
}
