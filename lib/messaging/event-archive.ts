import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { LogGroup, LogStream, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from '../acknowledge-wildcard.ts';
import { PROTECTED_BUCKET } from '../data/protected-bucket.ts';
import { validateDuration } from '../validate.ts';
import { type ArchiveSource, archiveSource } from './archive-source.ts';
import type { EventChannel } from './event-backbone.ts';

/** Where events are, by the hour (UTC) in which they arrived: `events/2026/11/22/10/…`, gzipped, one CloudEvent a line. */
export const ARCHIVE_PREFIX = 'events/';
/** Where Firehose leaves what it cannot deliver. */
export const ARCHIVE_ERRORS_PREFIX = 'errors/';
const BY_HOUR = '!{timestamp:yyyy/MM/dd/HH}/';
/** Firehose writes an object as soon as it has as much, if not earlier; some tenth of it when it is compressed. */
const BUFFER_MEBIBYTES = 64;
const FIVE_MINUTES = Duration.minutes(5);

export interface EventArchiveProps {
  /** Whose events to keep. Those that it holds when the archive is made are not read. */
  readonly source: EventChannel;
  /** How long they are kept, in whole days: 1 to 3,650. */
  readonly retention: Duration;
  /** How often an object is written, 1 to 15 minutes. @default Duration.minutes(5) */
  readonly bufferInterval?: Duration;
  /** How long Firehose's errors are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /**
   * What becomes of the events when the stack goes. CloudFormation deletes no bucket that holds anything, so that `DESTROY`
   * waits for whoever empties it.
   */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * All events of a stream in a bucket, long after the stream has forgotten them, for replay: Firehose reads the stream beside
 * its workers and takes nothing from those with a throughput of their own.
 */
export class EventArchive extends Construct {
  readonly source: EventChannel;
  readonly bucket: Bucket;
  readonly bufferInterval: Duration;
  /** Name of the delivery stream. */
  readonly deliveryStreamName: string;
  private readonly reading: ArchiveSource;

  constructor(scope: Construct, id: string, props: EventArchiveProps) {
    super(scope, id);
    this.validateProps(props);
    this.source = props.source;
    this.bufferInterval = props.bufferInterval ?? Duration.minutes(5);
    this.bucket = this.createBucket(props);
    const logs = new LogGroup(this, 'Logs', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: props.removalPolicy,
    });
    // Firehose makes none by itself, and drops what it has to say.
    const { logStreamName } = new LogStream(this, 'Errors', { logGroup: logs, removalPolicy: RemovalPolicy.DESTROY });
    this.reading = archiveSource(props.source);
    const { role, policy } = this.createRole(logs);
    const permission = this.reading.permit?.(this);

    const delivery = new CfnDeliveryStream(this, 'Delivery', {
      ...this.reading.configure(role.roleArn),
      extendedS3DestinationConfiguration: {
        bucketArn: this.bucket.bucketArn,
        roleArn: role.roleArn,
        prefix: `${ARCHIVE_PREFIX}${BY_HOUR}`,
        errorOutputPrefix: `${ARCHIVE_ERRORS_PREFIX}!{firehose:error-output-type}/${BY_HOUR}`,
        compressionFormat: 'GZIP',
        bufferingHints: { intervalInSeconds: this.bufferInterval.toSeconds(), sizeInMBs: BUFFER_MEBIBYTES },
        processingConfiguration: {
          enabled: true,
          // A newline after each: events are JSON, and end nowhere otherwise.
          processors: [{ type: 'AppendDelimiterToRecord', parameters: [] }],
        },
        cloudWatchLoggingOptions: { enabled: true, logGroupName: logs.logGroupName, logStreamName },
      },
    });
    Validations.of(delivery).acknowledge({
      id: 'AwsSolutions-KDF1',
      reason:
        'It reads from a stream that is encrypted, and keeps nothing but what goes to an encrypted bucket; Firehose takes ' +
        'encryption of its own only for what is put into it directly.',
    });
    delivery.node.addDependency(policy, ...(permission ? [permission] : []));
    this.deliveryStreamName = delivery.ref;
  }

  /** Age of the oldest event that is not in the bucket yet, in seconds. @default - the highest of 5 minutes */
  metricFreshness(options?: MetricOptions): IMetric {
    return this.metric('DeliveryToS3.DataFreshness', { statistic: Stats.MAXIMUM, ...options });
  }

  /** Share of the writes to the bucket that failed, 0 to 1. @default - of 5 minutes */
  metricFailureRatio(options?: MetricOptions): IMetric {
    return new MathExpression({
      expression: '1 - success',
      usingMetrics: { success: this.metric('DeliveryToS3.Success', { statistic: Stats.AVERAGE, ...options }) },
      label: 'failed writes',
      period: options?.period ?? FIVE_MINUTES,
    });
  }

  /** 1 where events arrived and none was read, else 0. @default - of 5 minutes */
  metricStalled(options?: MetricOptions): IMetric {
    const period = options?.period ?? FIVE_MINUTES;
    return new MathExpression({
      expression: 'IF(FILL(arrived, 0) > 0 AND FILL(read, 0) == 0, 1, 0)',
      usingMetrics: {
        arrived: this.reading.metricArrived({ statistic: Stats.SUM, period }),
        read: this.metric(this.reading.readMetric, { statistic: Stats.SUM, period }),
      },
      label: 'nothing read',
      period,
    });
  }

  private metric(metricName: string, options: MetricOptions): Metric {
    const dimensionsMap = { DeliveryStreamName: this.deliveryStreamName };
    return new Metric({ namespace: 'AWS/Firehose', metricName, dimensionsMap, period: FIVE_MINUTES, ...options });
  }

  private createBucket({ retention, removalPolicy }: EventArchiveProps): Bucket {
    const bucket = new Bucket(this, 'Bucket', {
      ...PROTECTED_BUCKET,
      lifecycleRules: [{ expiration: retention, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Firehose alone writes to it, and whoever replays reads it. Who did CloudTrail can say; a bucket of access logs would ' +
        'be another one to look after.',
    });
    return bucket;
  }

  /** What the Firehose developer guide asks for ("Grant Firehose access to an Amazon S3 destination"), below its own prefixes. */
  private createRole(logs: LogGroup): { readonly role: Role; readonly policy: Policy } {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('firehose.amazonaws.com'),
      description: 'Lets Firehose copy events from their stream to the archive',
    });
    const { bucketArn } = this.bucket;
    const objects = [ARCHIVE_PREFIX, ARCHIVE_ERRORS_PREFIX].map((prefix) => `${bucketArn}/${prefix}*`);
    const allow = (actions: string[], resources: string[]) => new PolicyStatement({ actions, resources });
    const policy = new Policy(this, 'Policy', {
      roles: [role],
      statements: [
        ...this.reading.rights.map(([actions, resource]) => allow([...actions], [resource])),
        allow(['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], [bucketArn]),
        allow(['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'], objects),
        allow(['logs:PutLogEvents'], [logs.logGroupArn]),
      ],
    });
    for (const resource of objects) {
      acknowledgeWildcard(
        policy,
        resource,
        'Firehose makes up the keys as it writes, by the hour; only below this prefix.',
      );
    }
    for (const resource of this.reading.wildcards) {
      acknowledgeWildcard(policy, resource, 'Firehose makes up the name of its consumer group, and tells nobody.');
    }
    return { role, policy };
  }

  private validateProps({ retention, bufferInterval }: EventArchiveProps): void {
    validateDuration('event archive: retention', retention, {
      min: Duration.days(1),
      max: Duration.days(3_650),
      whole: 'days',
      scope: this,
    });
    validateDuration('event archive: bufferInterval', bufferInterval, {
      min: Duration.minutes(1),
      max: Duration.minutes(15),
      whole: 'seconds',
      known: true,
      scope: this,
    });
  }
}
