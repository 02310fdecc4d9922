import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { EventArchive, type EventArchiveProps } from '../../../lib/messaging/event-archive.ts';
import { EventStream } from '../../../lib/messaging/event-stream.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

function createArchive(props: Partial<EventArchiveProps> = {}) {
  const stack = flaggedStack();
  const source = new EventStream(stack, 'Events', { removalPolicy: RemovalPolicy.DESTROY });
  const archive = new EventArchive(stack, 'Archive', {
    source,
    retention: Duration.days(90),
    removalPolicy: RemovalPolicy.RETAIN,
    ...props,
  });
  return { stack, source, archive, template: () => Template.fromStack(stack) };
}

const DELIVERY = 'AWS::KinesisFirehose::DeliveryStream';

describe('EventArchive', () => {
  it('copies the stream to the bucket: a line an event, gzipped, by the hour', () => {
    const { template, stack, source, archive } = createArchive();
    template().hasResourceProperties(DELIVERY, {
      DeliveryStreamName: Match.absent(),
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: { KinesisStreamARN: stack.resolve(source.stream.streamArn) },
      ExtendedS3DestinationConfiguration: {
        BucketARN: stack.resolve(archive.bucket.bucketArn),
        Prefix: 'events/!{timestamp:yyyy/MM/dd/HH}/',
        ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/',
        CompressionFormat: 'GZIP',
        BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 64 },
        ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord' }] },
        CloudWatchLoggingOptions: {
          Enabled: true,
          LogGroupName: { Ref: Match.stringLikeRegexp('^ArchiveLogs') },
          LogStreamName: { Ref: Match.stringLikeRegexp('^ArchiveErrors') },
        },
      },
    });
  });

  it('keeps one version of each object, encrypted, closed to the public and spoken to over TLS alone, for as long as it is told', () => {
    const { template } = createArchive({ retention: Duration.days(400) });
    template().hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketName: Match.absent(),
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
        LifecycleConfiguration: {
          Rules: [{ ExpirationInDays: 400, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }],
        },
        VersioningConfiguration: Match.absent(),
      },
    });
    template().hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  it('may read its stream, write below its two prefixes and log, before Firehose asks', () => {
    const { template, stack, source, archive } = createArchive();
    const [policyId, policy] = Object.entries(template().findResources('AWS::IAM::Policy'))[0] as [
      string,
      { Properties: { PolicyDocument: { Statement: unknown[] } } },
    ];
    const bucket = stack.resolve(archive.bucket.bucketArn);
    const below = (prefix: string) => ({ 'Fn::Join': ['', [bucket, `/${prefix}/*`]] });
    expect(policy.Properties.PolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['kinesis:DescribeStream', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'],
        Resource: stack.resolve(source.stream.streamArn),
      },
      {
        Effect: 'Allow',
        Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        Resource: bucket,
      },
      {
        Effect: 'Allow',
        Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
        Resource: [below('errors'), below('events')],
      },
      {
        Effect: 'Allow',
        Action: 'logs:PutLogEvents',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^ArchiveLogs/), 'Arn'] },
      },
    ]);
    template().hasResource(DELIVERY, { DependsOn: [policyId] });
    template().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'firehose.amazonaws.com' } }] },
    });
  });

  it('measures what is not in the bucket yet, what failed, and whether anything is read at all', () => {
    const { archive } = createArchive();
    expect(archive.metricFreshness().toMetricConfig().metricStat).toMatchObject({
      namespace: 'AWS/Firehose',
      metricName: 'DeliveryToS3.DataFreshness',
      statistic: 'Maximum',
      period: Duration.minutes(5),
    });
    expect(archive.metricFailureRatio({ period: Duration.hours(1) }).toMetricConfig().mathExpression).toMatchObject({
      expression: '1 - success',
      period: 3_600,
    });
    expect(archive.metricStalled().toMetricConfig().mathExpression).toMatchObject({
      expression: 'IF(FILL(arrived, 0) > 0 AND FILL(read, 0) == 0, 1, 0)',
      period: 300,
    });
  });

  it('gives cdk-nag nothing to find', () => {
    const { stack } = createArchive();
    // As synth does; wildcards are acknowledged then.
    for (const construct of stack.node.findAll()) construct.node.validate();
    expect(new AwsSolutionsChecks().validateScope(stack).violations).toEqual([]);
  });

  it.each<[Partial<EventArchiveProps>, string]>([
    [{ retention: Duration.hours(36) }, 'retention must be whole days between 1 day and 3650 days, got 1 day 12 hours'],
    [{ retention: Duration.days(0) }, 'retention must be whole days between 1 day and 3650 days, got 0 days'],
    [
      { bufferInterval: Duration.seconds(59) },
      'bufferInterval must be whole seconds between 1 minute and 15 minutes, got 59 seconds',
    ],
    [
      { bufferInterval: Duration.seconds(901) },
      'bufferInterval must be whole seconds between 1 minute and 15 minutes, got 15 minutes 1 second',
    ],
  ])('fails on %o', (props, message) => {
    expect(() => createArchive(props)).toThrow(`event archive: ${message} [Stack/Archive]`);
  });
});
