import type { Input } from '../../aws-call.ts';
import { parseCopySource } from '../../s3/copy-source.ts';
import type { Context } from '../model/context.ts';
import {
  ANY,
  type Ask,
  contextOf,
  distinct,
  each,
  entries,
  member,
  objectOf,
  type Question,
  type ServiceQuestions,
} from '../question.ts';

const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;
const bucketOf = (input: Input): string => bucketArn(member(input, 'Bucket'));
const objectOfBucket = (input: Input, key: string): string => `${bucketOf(input)}/${key}`;
const objectArn = (input: Input): string => objectOfBucket(input, member(input, 'Key'));

/** Condition keys of S3 that requests have here ("Actions, resources, and condition keys for Amazon S3"). */
function contextOfInput(input: Input): Context {
  const of = (name: string) => (): string | undefined => member(input, name) || undefined;
  return contextOf({
    's3:delimiter': of('Delimiter'),
    's3:max-keys': of('MaxKeys'),
    's3:prefix': of('Prefix'),
    's3:x-amz-acl': of('ACL'),
    's3:x-amz-copy-source': of('CopySource'),
    's3:x-amz-metadata-directive': of('MetadataDirective'),
    's3:x-amz-server-side-encryption': of('ServerSideEncryption'),
    's3:x-amz-server-side-encryption-aws-kms-key-id': of('SSEKMSKeyId'),
    's3:x-amz-storage-class': of('StorageClass'),
  });
}

/** Writing an object, and what else a request says of it. */
const write: Ask = (input) => {
  const shared = { resource: objectArn(input), context: contextOfInput(input) };
  return [
    { action: 's3:PutObject', ...shared },
    ...(member(input, 'ACL') === '' ? [] : [{ action: 's3:PutObjectAcl', ...shared }]),
    ...(member(input, 'Tagging') === '' ? [] : [{ action: 's3:PutObjectTagging', ...shared }]),
  ];
};

/** A copy reads the one object and writes the other. */
const copy: Ask = (input, names, call) => [...sourceQuestions(input), ...write(input, names, call)];

function sourceQuestions(input: Input): readonly Question[] {
  try {
    const { bucket, key } = parseCopySource(member(input, 'CopySource'));
    return [{ action: 's3:GetObject', resource: `${bucketArn(bucket)}/${key}`, context: contextOfInput(input) }];
  } catch {
    // S3 itself refuses what names no object.
    return [];
  }
}

const onObject =
  (action: string): Ask =>
  (input) => [{ action, resource: objectArn(input), context: contextOfInput(input) }];
const onBucket =
  (action: string): Ask =>
  (input) => [{ action, resource: bucketOf(input), context: contextOfInput(input) }];

export const S3_QUESTIONS: ServiceQuestions = {
  ...each('s3', ['CreateBucket', 'DeleteBucket', 'GetBucketLocation'], bucketOf),
  AbortMultipartUpload: onObject('s3:AbortMultipartUpload'),
  CompleteMultipartUpload: write,
  CopyObject: copy,
  CreateMultipartUpload: write,
  DeleteObject: onObject('s3:DeleteObject'),
  // S3 deletes what may be deleted and names the others; here one that may not be refuses all.
  DeleteObjects: (input) =>
    distinct(
      entries(objectOf(input.Delete), 'Objects').map((object) => ({
        action: 's3:DeleteObject',
        resource: objectOfBucket(input, member(object, 'Key')),
      })),
    ),
  GetObject: onObject('s3:GetObject'),
  GetObjectTagging: onObject('s3:GetObjectTagging'),
  HeadBucket: onBucket('s3:ListBucket'),
  HeadObject: onObject('s3:GetObject'),
  ListBuckets: () => [{ action: 's3:ListAllMyBuckets', resource: ANY() }],
  ListMultipartUploads: onBucket('s3:ListBucketMultipartUploads'),
  ListObjects: onBucket('s3:ListBucket'),
  ListObjectsV2: onBucket('s3:ListBucket'),
  ListParts: onObject('s3:ListMultipartUploadParts'),
  PostObject: write,
  PutObject: write,
  UploadPart: write,
  UploadPartCopy: copy,
};
