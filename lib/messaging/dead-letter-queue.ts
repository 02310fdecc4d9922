import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  type CfnQueue,
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  type QueueProps,
  RedrivePermission,
} from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** "Set the queue's visibility timeout to at least six times the function timeout" (Lambda developer guide, SQS). */
export const VISIBILITY_FACTOR = 6;
/** SQS keeps a message for two weeks at most. */
const DEAD_LETTER_RETENTION = Duration.days(14);

/** Of every queue: encrypted with a key that SQS looks after, and spoken to over TLS alone. */
export const PROTECTED = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true } as const satisfies QueueProps;

/**
 * In order per message group, with the throughput counted per group: without the latter two a queue takes 300 calls a second
 * in all. Whoever sends names the message, as two that look alike may be two pieces of work.
 */
export const FIFO = {
  fifo: true,
  contentBasedDeduplication: false,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
} as const satisfies QueueProps;

export interface DeadLetterQueueOptions {
  /** Whether it is for a FIFO queue, whose dead letters only go to another. @default false */
  readonly fifo?: boolean;
  /** ARN of the only queue whose dead letters SQS may put in it. @default - any queue's of the account */
  readonly sourceArn?: string;
  /** Largest message. @default - what SQS takes */
  readonly maxMessageSizeBytes?: number;
  /** What becomes of the dead letters when the stack goes. @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

/** Where messages are set aside that nobody could work on, for as long as SQS keeps any. */
export function createDeadLetterQueue(scope: Construct, id: string, options: DeadLetterQueueOptions = {}): Queue {
  const { fifo = false, sourceArn, maxMessageSizeBytes, removalPolicy = RemovalPolicy.DESTROY } = options;
  const queue = new Queue(scope, id, {
    ...PROTECTED,
    ...(fifo && FIFO),
    ...(maxMessageSizeBytes !== undefined && { maxMessageSizeBytes }),
    retentionPeriod: DEAD_LETTER_RETENTION,
    removalPolicy,
  });
  if (sourceArn !== undefined) {
    // Not by the prop of `Queue`, which wants the source itself: it is made later, as it names this one.
    const resource = queue.node.defaultChild as CfnQueue;
    resource.redriveAllowPolicy = { redrivePermission: RedrivePermission.BY_QUEUE, sourceQueueArns: [sourceArn] };
  }
  return queue;
}
