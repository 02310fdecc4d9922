import { AwsError } from '../aws-error.ts';

/** Codes whose status is not 400 ("Error responses", list of error codes of the S3 API reference). */
const STATUS: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  AccessForbidden: 403,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  InvalidAccessKeyId: 403,
  InvalidRange: 416,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NotFound: 404,
  NotImplemented: 501,
  NotModified: 304,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
};

/** An error of S3; `members` are further elements of its XML, such as `Key`. */
export function s3Error(code: string, message: string, members: Readonly<Record<string, unknown>> = {}): AwsError {
  return new AwsError(code, message, { statusCode: STATUS[code] ?? 400, members });
}

export function noSuchBucket(BucketName: string): AwsError {
  return s3Error('NoSuchBucket', 'The specified bucket does not exist', { BucketName });
}

export function noSuchKey(Key: string): AwsError {
  return s3Error('NoSuchKey', 'The specified key does not exist.', { Key });
}

export function noSuchUpload(UploadId: string): AwsError {
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  return s3Error('NoSuchUpload', message, { UploadId });
}
