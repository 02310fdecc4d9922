import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { FailedRecordsBucket, type FailedRecordsBucketProps } from '../../../lib/messaging/failed-records-bucket.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

function createBucket(props: Partial<FailedRecordsBucketProps> = {}) {
  const stack = flaggedStack();
  const failed = new FailedRecordsBucket(stack, 'Failed', { removalPolicy: RemovalPolicy.RETAIN, ...props });
  return { stack, failed, template: () => Template.fromStack(stack) };
}

describe('FailedRecordsBucket', () => {
  it('is encrypted, closed to the public, and keeps what it holds for a month and itself for good', () => {
    createBucket()
      .template()
      .hasResource('AWS::S3::Bucket', {
        // It has a name, which must be free again where its creation was rolled back.
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
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
          LifecycleConfiguration: {
            Rules: [
              { Status: 'Enabled', ExpirationInDays: 30, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
            ],
          },
          VersioningConfiguration: Match.absent(),
        },
      });
  });

  it('speaks TLS alone', () => {
    createBucket()
      .template()
      .hasResourceProperties('AWS::S3::BucketPolicy', {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: 'Deny',
              Action: 's3:*',
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            }),
          ]),
        },
      });
  });

  it('has each object told of in a queue that is ready for it before the bucket is, and that takes it from no other bucket', () => {
    const { template, stack, failed } = createBucket();
    const [bucket] = Object.values(template().findResources('AWS::S3::Bucket')) as [
      {
        Properties: { BucketName: { 'Fn::Join': [string, unknown[]] }; NotificationConfiguration: unknown };
        DependsOn: string[];
      },
    ];
    const [policyId] = Object.entries(template().findResources('AWS::SQS::QueuePolicy'))[0] as [string, unknown];
    expect(bucket.Properties.NotificationConfiguration).toEqual({
      QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: stack.resolve(failed.notices.queueArn) }],
    });
    expect(bucket.DependsOn).toEqual([policyId]);
    const [prefix, uuid] = bucket.Properties.BucketName['Fn::Join'][1];
    expect(prefix).toMatch(/^failed-records-[0-9a-f]{8}-$/);
    expect(uuid).toEqual({ 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] });
    template().hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Principal: { Service: 's3.amazonaws.com' },
            Resource: stack.resolve(failed.notices.queueArn),
            Condition: {
              ArnEquals: {
                'aws:SourceArn': {
                  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::${prefix}`, uuid]],
                },
              },
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            },
          },
        ]),
      },
    });
  });

  it('needs no function of CDK for its notifications', () => {
    createBucket().template().resourceCountIs('AWS::Lambda::Function', 0);
  });

  it('measures what nobody has looked at, by the minute unless told otherwise', () => {
    const { failed } = createBucket();
    expect(failed.metricNotices({ period: Duration.hours(1) }).toMetricConfig().metricStat).toMatchObject({
      metricName: 'ApproximateNumberOfMessagesVisible',
      statistic: 'Maximum',
      period: Duration.hours(1),
    });
  });

  it('gives cdk-nag nothing to find', () => {
    expect(new AwsSolutionsChecks().validateScope(createBucket().stack).violations).toEqual([]);
  });

  it.each([
    [Duration.days(13), '13 days'],
    [Duration.days(366), '366 days'],
    [Duration.hours(500), '20 days 20 hours'],
  ])('fails on a retention of %s', (retention, text) => {
    expect(() => createBucket({ retention })).toThrow(
      `failed records: retention must be whole days between 14 days and 365 days, got ${text} [Stack/Failed]`,
    );
  });
});
