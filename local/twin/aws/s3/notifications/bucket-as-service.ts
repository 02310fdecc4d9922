import type { Principal } from '../../principal.ts';

/** S3 in its own name, for one of its buckets. */
export function bucketAsService(bucket: string): Principal {
  return { kind: 'service', service: 's3.amazonaws.com', sourceArn: `arn:aws:s3:::${bucket}` };
}
