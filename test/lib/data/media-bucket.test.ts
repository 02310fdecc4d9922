import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { ServiceFunction } from '../../../lib/compute/service-function.ts';
import { MediaBucket, type MediaUse } from '../../../lib/data/media-bucket.ts';
import { allowedActions } from '../../support/allowed-actions.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

function createBucket(removalPolicy = RemovalPolicy.RETAIN) {
  const stack = flaggedStack();
  const media = new MediaBucket(stack, 'Media', { removalPolicy });
  return { stack, media };
}

function usedBy(use: MediaUse) {
  const { stack, media } = createBucket();
  const target = new ServiceFunction(stack, 'Service', {
    handler: 'authorizer',
    handlersDirectory: FIXTURE_HANDLERS,
    description: 'test',
  });
  media.usedBy(target, use);
  const template = Template.fromStack(stack);
  const bucketId = Object.keys(template.findResources('AWS::S3::Bucket'))[0] ?? '';
  const allowed = Object.entries(allowedActions(stack, template, target))
    .filter(([, actions]) => actions.some((action) => action.startsWith('s3:')))
    .map(([resource, actions]) => [resource.replace(bucketId, 'bucket'), actions]);
  return { template, allowed: Object.fromEntries(allowed) };
}

describe('MediaBucket', () => {
  it('is encrypted, closed to the public, the account’s own, and stays when the stack goes', () => {
    Template.fromStack(createBucket().stack).hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        BucketName: Match.absent(),
      },
    });
  });

  it('goes with the stack where it is to', () => {
    const template = Template.fromStack(createBucket(RemovalPolicy.DESTROY).stack);
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
  });

  it('speaks TLS alone', () => {
    Template.fromStack(createBucket().stack).hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  it('lets uploads go after two days, what was made of them never, and parts of uploads after a day', () => {
    Template.fromStack(createBucket().stack).hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          { Id: 'abandoned-uploads', Prefix: 'uploads/', ExpirationInDays: 2, Status: 'Enabled' },
          { Id: 'unfinished-parts', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' },
        ],
      },
    });
  });

  it('lets pages of any origin upload by form and read', () => {
    Template.fromStack(createBucket().stack).hasResourceProperties('AWS::S3::Bucket', {
      CorsConfiguration: {
        CorsRules: [
          {
            AllowedOrigins: ['*'],
            AllowedMethods: ['POST', 'GET', 'HEAD'],
            AllowedHeaders: ['*'],
            ExposedHeaders: ['ETag', 'Content-Range', 'Accept-Ranges'],
            MaxAge: 3_600,
          },
        ],
      },
    });
  });

  it('leaves cdk-nag nothing to find', () => {
    expect(new AwsSolutionsChecks().validateScope(createBucket().stack).violations).toEqual([]);
  });
});

describe('MediaBucket.usedBy', () => {
  it('permits each action on its part of the bucket', () => {
    const { template, allowed } = usedBy({ uploads: ['s3:GetObject'], videos: ['s3:DeleteObject', 's3:PutObject'] });
    expect(allowed).toEqual({
      'bucket/uploads/*': ['s3:GetObject'],
      'bucket/videos/*': ['s3:DeleteObject', 's3:PutObject'],
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { SPILLWAY_MEDIA_BUCKET: { Ref: Match.anyValue() } } },
    });
  });

  it('permits to list uploads to whoever has to know that one is not there', () => {
    const { template, allowed } = usedBy({ uploads: ['s3:GetObject'], findsUploads: true });
    expect(allowed).toEqual({ 'bucket/uploads/*': ['s3:GetObject'], bucket: ['s3:ListBucket'] });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 's3:ListBucket', Condition: { StringLike: { 's3:prefix': 'uploads/*' } } }),
        ]),
      },
    });
  });

  it.each([
    [{}, 'got none'],
    [{ findsUploads: true }, 'got none'],
    [{ videos: ['s3:*Object'] }, "got 's3:*Object'"],
  ] as const)('fails for %o', (use, message) => {
    expect(() => usedBy(use)).toThrow(`SPILLWAY_MEDIA_BUCKET: actions must be named one by one, ${message}`);
  });
});
