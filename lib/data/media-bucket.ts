import { Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket, HttpMethods } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CORS_ALLOWED_ORIGIN } from '../../lambdas/contract/cors.ts';
import { Env } from '../../lambdas/contract/environment.ts';
import { UPLOADS_KEPT_DAYS } from '../../lambdas/contract/video.ts';
import { acknowledgeWildcard } from '../acknowledge-wildcard.ts';
import type { ServiceFunction } from '../compute/service-function.ts';
import { SpillwayError } from '../spillway-error.ts';
import { PROTECTED_BUCKET } from './protected-bucket.ts';

/** What callers upload: `uploads/<caller>/<id>`. */
const UPLOADS = 'uploads/';
/** What is kept: `videos/<video>/<rendition>`. */
const VIDEOS = 'videos/';

/** How long a browser may keep the answer to its preflight. */
const PREFLIGHT_KEPT = Duration.hours(1);

export interface MediaBucketProps {
  /**
   * What becomes of the files when the stack goes. CloudFormation deletes no bucket that holds anything, so that `DESTROY`
   * waits for whoever empties it.
   */
  readonly removalPolicy: RemovalPolicy;
}

/** What a function may do with the files of one part of the bucket. */
export interface MediaUse {
  /** On objects among the uploads. @default - nothing */
  readonly uploads?: readonly `s3:${string}Object`[];
  /** On objects among what is kept. @default - nothing */
  readonly videos?: readonly `s3:${string}Object`[];
  /** Whether it is told that an upload is not there: without this S3 answers 403, which might be anything. @default false */
  readonly findsUploads?: boolean;
}

/**
 * Uploads and what was made of them: encrypted, over TLS alone, closed to the public. Callers upload and read by links that
 * are signed for one object and a few minutes, from pages of any origin. What was uploaded goes after two days, whatever was
 * made of it; and so do the parts of what was never uploaded to the end.
 */
export class MediaBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: MediaBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...PROTECTED_BUCKET,
      cors: [
        {
          // A link is what permits, and a foreign page has none.
          allowedOrigins: [CORS_ALLOWED_ORIGIN],
          allowedMethods: [HttpMethods.POST, HttpMethods.GET, HttpMethods.HEAD],
          allowedHeaders: ['*'],
          exposedHeaders: ['ETag', 'Content-Range', 'Accept-Ranges'],
          maxAge: PREFLIGHT_KEPT.toSeconds(),
        },
      ],
      lifecycleRules: [
        { id: 'abandoned-uploads', prefix: UPLOADS, expiration: Duration.days(UPLOADS_KEPT_DAYS) },
        { id: 'unfinished-parts', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: props.removalPolicy,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Each link is signed for one caller by a function whose log says so, and CloudTrail tells of reads where that is ' +
        'asked for. A bucket of access logs would be another one to look after.',
    });
  }

  /**
   * Permits exactly these actions, each on one part of the bucket, and tells the handler the bucket's name.
   * @throws SpillwayError for actions with wildcards, or none at all
   */
  usedBy(target: ServiceFunction, { uploads = [], videos = [], findsUploads = false }: MediaUse): void {
    const parts = [
      { prefix: UPLOADS, actions: uploads },
      { prefix: VIDEOS, actions: videos },
    ].filter(({ actions }) => actions.length > 0);
    const wildcard = [...uploads, ...videos].find((action) => action.includes('*'));
    if (wildcard !== undefined || parts.length === 0) {
      throw new SpillwayError(
        'inexact-actions',
        `${Env.MEDIA_BUCKET}: actions must be named one by one, got ${wildcard ? `'${wildcard}'` : 'none'}`,
        target,
      );
    }
    target.addEnvironment(Env.MEDIA_BUCKET, this.bucket.bucketName);
    const { role } = target.function;
    if (!role) return;
    // Apart from the role's own policy, whose wildcard is acknowledged for other reasons.
    const policy = new Policy(target, 'Media', { roles: [role] });
    for (const { prefix, actions } of parts) {
      const resource = this.bucket.arnForObjects(`${prefix}*`);
      policy.addStatements(new PolicyStatement({ actions: [...actions], resources: [resource] }));
      acknowledgeWildcard(policy, resource, 'Objects come and go; it may touch those of one part of the bucket.');
    }
    if (!findsUploads) return;
    policy.addStatements(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [this.bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': `${UPLOADS}*` } },
      }),
    );
  }
}
