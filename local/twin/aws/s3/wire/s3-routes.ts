import { s3Error } from '../s3-error.ts';
import { parameter, type S3Request } from './s3-request.ts';

/** What a request asks for, by what it is about, its method, and the parameters that tell operations apart. */
interface Route {
  readonly operation: string;
  readonly method: string;
  readonly of: 'service' | 'bucket' | 'object';
  /** Query parameters that have to be there. */
  readonly with?: readonly string[];
  /** A header that has to be there. */
  readonly header?: string;
}

/** The first that fits: those with parameters stand before those without. */
const ROUTES: readonly Route[] = [
  { operation: 'ListBuckets', method: 'GET', of: 'service' },
  { operation: 'CreateBucket', method: 'PUT', of: 'bucket' },
  { operation: 'DeleteBucket', method: 'DELETE', of: 'bucket' },
  { operation: 'HeadBucket', method: 'HEAD', of: 'bucket' },
  { operation: 'GetBucketLocation', method: 'GET', of: 'bucket', with: ['location'] },
  { operation: 'ListMultipartUploads', method: 'GET', of: 'bucket', with: ['uploads'] },
  { operation: 'ListObjectsV2', method: 'GET', of: 'bucket', with: ['list-type'] },
  { operation: 'ListObjects', method: 'GET', of: 'bucket' },
  { operation: 'DeleteObjects', method: 'POST', of: 'bucket', with: ['delete'] },
  { operation: 'PostObject', method: 'POST', of: 'bucket' },
  { operation: 'HeadObject', method: 'HEAD', of: 'object' },
  { operation: 'ListParts', method: 'GET', of: 'object', with: ['uploadId'] },
  { operation: 'GetObjectTagging', method: 'GET', of: 'object', with: ['tagging'] },
  { operation: 'GetObject', method: 'GET', of: 'object' },
  {
    operation: 'UploadPartCopy',
    method: 'PUT',
    of: 'object',
    with: ['partNumber', 'uploadId'],
    header: 'x-amz-copy-source',
  },
  { operation: 'UploadPart', method: 'PUT', of: 'object', with: ['partNumber', 'uploadId'] },
  { operation: 'CopyObject', method: 'PUT', of: 'object', header: 'x-amz-copy-source' },
  { operation: 'PutObject', method: 'PUT', of: 'object' },
  { operation: 'CreateMultipartUpload', method: 'POST', of: 'object', with: ['uploads'] },
  { operation: 'CompleteMultipartUpload', method: 'POST', of: 'object', with: ['uploadId'] },
  { operation: 'AbortMultipartUpload', method: 'DELETE', of: 'object', with: ['uploadId'] },
  { operation: 'DeleteObject', method: 'DELETE', of: 'object' },
];

/** Parameters that name a part of a bucket or an object: without a route of their own they would be taken for the whole. */
const SUBRESOURCES = new Set(
  (
    'abac accelerate acl analytics attributes cors encryption intelligent-tiering inventory legal-hold lifecycle logging ' +
    'metadataConfiguration metadataTable metrics notification object-lock ownershipControls policy policyStatus ' +
    'publicAccessBlock renameObject replication requestPayment restore retention select session tagging torrent ' +
    'versioning versions versionId website'
  ).split(' '),
);

/** @throws AwsError NotImplemented where the twin does not have it. */
export function operationOf(request: S3Request): string {
  const { method, bucket, key, headers } = request;
  const of = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const has = (name: string): boolean => parameter(request, name) !== undefined;
  const found = ROUTES.find(
    (route) =>
      route.of === of &&
      route.method === method &&
      (route.with ?? []).every(has) &&
      (route.header === undefined || headers[route.header] !== undefined),
  );
  const beside = request.query.find(([name]) => SUBRESOURCES.has(name) && !found?.with?.includes(name));
  // Versions are not kept: the one that an object has is the last, and is called null.
  const isLastVersion = beside?.[0] === 'versionId' && beside[1] === 'null';
  if (found && (!beside || isLastVersion)) return found.operation;
  const what = beside ? `${method} ?${beside[0]} of a ${of}` : `${method} of a ${of}`;
  const known = ROUTES.map(({ operation }) => operation).join(', ');
  throw s3Error('NotImplemented', `the twin does not know ${what}; it knows ${known}`);
}
