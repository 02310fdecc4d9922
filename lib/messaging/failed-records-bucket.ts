import { Aws, Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type IMetric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { PROTECTED_BUCKET } from '../data/protected-bucket.ts';
import { validateDuration } from '../validate.ts';
import { createDeadLetterQueue } from './dead-letter-queue.ts';
import { generatedName, removalOfNamed } from './generated-name.ts';

/** Lambda begins the keys of all that it puts into a bucket with it, and goes on with the mapping's id. */
export const FAILED_RECORDS_PREFIX = 'aws/lambda/';

export interface FailedRecordsBucketProps {
  /** How long failed records are kept, 14 to 365 days. @default Duration.days(30) */
  readonly retention?: Duration;
  /**
   * What becomes of the records when the stack goes. CloudFormation deletes no bucket that holds anything, so that `DESTROY`
   * waits for whoever empties it.
   */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Where stream workers leave what they could not work on: one object per batch that was given up, with the original records.
 * A queue gets a message that names each object, so that there is something to ring by and to redrive from.
 */
export class FailedRecordsBucket extends Construct {
  readonly bucket: Bucket;
  /**
   * A message per object (S3's event notification), for two weeks. The first is S3's own: `s3:TestEvent`, when the bucket is
   * made.
   */
  readonly notices: Queue;

  constructor(scope: Construct, id: string, props: FailedRecordsBucketProps) {
    super(scope, id);
    const retention = props.retention ?? Duration.days(30);
    validateDuration('failed records: retention', retention, {
      // As long as the queue names them.
      min: Duration.days(14),
      max: Duration.days(365),
      whole: 'days',
      scope: this,
    });
    this.notices = createDeadLetterQueue(this, 'Notices', { removalPolicy: props.removalPolicy });
    Validations.of(this.notices).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'What it names has failed already, and nothing consumes it but whoever redrives: it is the dead-letter queue.',
    });
    // S3 makes no bucket whose notifications it may not deliver: the queue's policy comes first, and names the bucket.
    const bucketName = generatedName(this, 'failed-records');
    this.notices.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.notices.queueArn],
        conditions: {
          ArnEquals: { 'aws:SourceArn': `arn:${Aws.PARTITION}:s3:::${bucketName}` },
          // The ARN of a bucket says nothing of whose it is.
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        },
      }),
    );
    this.bucket = new Bucket(this, 'Bucket', {
      ...PROTECTED_BUCKET,
      bucketName,
      lifecycleRules: [{ expiration: retention, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: removalOfNamed(props.removalPolicy),
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Lambda alone writes to it, and each object is told of in a queue. Who reads it CloudTrail can say; a bucket of access ' +
        'logs would be another one to look after.',
    });
    // Not `addEventNotification`: a function of CDK's own would set it, with rights on all buckets.
    const resource = this.bucket.node.defaultChild as CfnBucket;
    resource.notificationConfiguration = {
      queueConfigurations: [{ event: 's3:ObjectCreated:*', queue: this.notices.queueArn }],
    };
    resource.node.addDependency(this.notices.node.findChild('Policy'));
  }

  /** Objects that nobody has looked at. @default - the most of each minute */
  metricNotices(options?: MetricOptions): IMetric {
    return this.notices.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(1),
      statistic: Stats.MAXIMUM,
      ...options,
    });
  }
}
