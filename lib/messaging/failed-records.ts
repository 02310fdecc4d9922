import { Validations } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IDependable } from 'constructs';
import { acknowledgeWildcard } from '../acknowledge-wildcard.ts';
import type { ServiceFunction } from '../compute/service-function.ts';
import { createDeadLetterQueue } from './dead-letter-queue.ts';
import { FAILED_RECORDS_PREFIX, type FailedRecordsBucket } from './failed-records-bucket.ts';

/** Where a worker's failed records are, once it is bound to it. */
export interface FailureDestination {
  readonly arn: string;
  /** A message for each batch that was given up. */
  readonly deadLetters: Queue;
  /** What has to be there before Lambda is told of the destination. */
  readonly dependencies: readonly IDependable[];
}

/** What becomes of the records of a stream that a worker has given up. */
export class FailedRecords {
  /** The records themselves are kept in the bucket, which workers may share, and its queue names them. */
  static inBucket(bucket: FailedRecordsBucket): FailedRecords {
    return new FailedRecords(bucket);
  }

  /**
   * A queue of the worker's own gets messages that name the records by shard and sequence numbers. They have to be read from
   * the stream, and are lost when its retention ends: of a table's, a day.
   */
  static inQueue(): FailedRecords {
    return new FailedRecords(undefined);
  }

  readonly bucket: FailedRecordsBucket | undefined;

  private constructor(bucket: FailedRecordsBucket | undefined) {
    this.bucket = bucket;
  }

  /** Permits the worker to leave records there, and no more. Lambda does it with the function's role. */
  bind(scope: Construct, worker: ServiceFunction, removalPolicy: FailedRecordsRemoval): FailureDestination {
    return this.bucket === undefined ? toQueue(scope, worker, removalPolicy) : toBucket(scope, worker, this.bucket);
  }
}

/** What becomes of a queue of the worker's own when the stack goes. */
type FailedRecordsRemoval = NonNullable<Parameters<typeof createDeadLetterQueue>[2]>['removalPolicy'];

function toQueue(scope: Construct, worker: ServiceFunction, removalPolicy: FailedRecordsRemoval): FailureDestination {
  const deadLetters = createDeadLetterQueue(scope, 'DeadLetters', { removalPolicy });
  Validations.of(deadLetters).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'This queue is the dead-letter queue itself: the target of an event source mapping that failed.',
  });
  worker.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
  );
  return { arn: deadLetters.queueArn, deadLetters, dependencies: [] };
}

function toBucket(
  scope: Construct,
  { function: { role } }: ServiceFunction,
  { bucket, notices }: FailedRecordsBucket,
): FailureDestination {
  const objects = `${bucket.bucketArn}/${FAILED_RECORDS_PREFIX}*`;
  // Apart from the role's own policy, whose wildcard is acknowledged for other reasons.
  const policy = new Policy(scope, 'FailedRecordsPolicy', {
    roles: role ? [role] : [],
    statements: [
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [objects] }),
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
    ],
  });
  acknowledgeWildcard(
    policy,
    objects,
    'Lambda makes up the keys when records fail: below a prefix of its own, by the id of the mapping, which is made after ' +
      'this policy. The function may write there, and can neither read nor delete what is there.',
  );
  return { arn: bucket.bucketArn, deadLetters: notices, dependencies: [policy] };
}
