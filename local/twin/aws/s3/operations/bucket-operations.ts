import type { AwsService } from '../../aws-call.ts';
import type { S3Context, S3Output } from '../s3-context.ts';
import { s3Error } from '../s3-error.ts';
import { requiredText } from '../s3-members.ts';

/** Buckets themselves: CreateBucket, DeleteBucket, HeadBucket, GetBucketLocation, ListBuckets. */
export function bucketOperations({ buckets, objects, region, accountId }: S3Context): AwsService {
  return {
    CreateBucket: (input) => {
      const name = requiredText(input, 'Bucket');
      if (!isBucketName(name))
        throw s3Error('InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
      if (buckets.has(name)) {
        const message = 'Your previous request to create the named bucket succeeded and you already own it.';
        throw s3Error('BucketAlreadyOwnedByYou', message, { BucketName: name });
      }
      buckets.put(name);
      return { headers: { location: `/${name}` } } satisfies S3Output;
    },
    DeleteBucket: (input) => {
      const { name } = buckets.get(requiredText(input, 'Bucket'));
      if (objects.count(name) > 0) {
        throw s3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty', { BucketName: name });
      }
      for (const { id } of objects.uploads.list(name)) objects.uploads.end(id);
      buckets.delete(name);
      return { statusCode: 204 } satisfies S3Output;
    },
    HeadBucket: (input) => {
      buckets.get(requiredText(input, 'Bucket'));
      return { headers: { 'x-amz-bucket-region': region } } satisfies S3Output;
    },
    GetBucketLocation: (input) => {
      buckets.get(requiredText(input, 'Bucket'));
      // The oldest Region has no name here.
      const value = region === 'us-east-1' ? '' : region;
      return { xml: { root: 'LocationConstraint', value } } satisfies S3Output;
    },
    ListBuckets: () => {
      const Bucket = buckets.list().map(({ name, createdMs }) => ({
        ...{ Name: name, CreationDate: new Date(createdMs).toISOString(), BucketRegion: region },
      }));
      const value = { Buckets: { Bucket }, Owner: { ID: accountId, DisplayName: 'owner' } };
      return { xml: { root: 'ListAllMyBucketsResult', value } } satisfies S3Output;
    },
  };
}

/** "General purpose bucket naming rules". */
function isBucketName(name: string): boolean {
  return /^(?!xn--)[a-z\d][a-z\d.-]{1,61}[a-z\d]$/.test(name) && !name.includes('..') && !/^\d+(\.\d+){3}$/.test(name);
}
