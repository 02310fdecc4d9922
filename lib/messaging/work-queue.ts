import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IMetric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { WORK_NAMES, type WorkName } from '../../lambdas/contract/work.ts';
import { type DurationRule, validateDuration, validateWholeNumber } from '../validate.ts';
import { validateKind } from '../validate-kind.ts';
import { createDeadLetterQueue, FIFO, PROTECTED, VISIBILITY_FACTOR } from './dead-letter-queue.ts';
import { generatedName, removalOfNamed } from './generated-name.ts';
import { WorkOrder } from './work-order.ts';

/** What SQS still delivers after the last attempt of a worker that always died before it could set the message aside. */
const SPARE_RECEIVES = 3;
/**
 * A dead letter keeps the age that it had: SQS counts its 14 days from when it was first sent. So there are always some
 * days left to look at one.
 */
const RETENTION_MAX = Duration.days(10);
const LEVEL_BY_MINUTE: MetricOptions = { period: Duration.minutes(1), statistic: Stats.MAXIMUM };

export interface WorkQueueProps {
  /** What waits in it. */
  readonly name: WorkName;
  /** The longest that its worker may take for a batch: 1 second to 15 minutes. What died with it comes back after six times that. */
  readonly workerTimeout: Duration;
  /** The longest that its worker gathers a batch, at most 5 minutes: a message is out of sight meanwhile. @default - batches are not waited for */
  readonly maxBatchingWindow?: Duration;
  /** How often a message is tried before it is set aside, 1 to 100. @default 5 */
  readonly attempts?: number;
  /**
   * Budget of the oldest message's age: older than that is a backlog, of which operators and callers are told. At
   * least 10 seconds, and at most half of `retention`.
   */
  readonly maxAge: Duration;
  /** What groups of messages mean. @default - nothing: as they come, in no promised order */
  readonly order?: WorkOrder;
  /** When messages that nobody took are gone, 1 hour to 10 days. @default Duration.days(4) */
  readonly retention?: Duration;
  /** What becomes of both queues, and what is in them, when the stack goes. @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Accepted work that waits for a worker: an encrypted queue, and one for what could not be done. A worker sets aside by
 * itself what fails `attempts` times, with the reason; what it cannot, because it dies of it, SQS sets aside a few
 * deliveries later.
 */
export class WorkQueue extends Construct {
  readonly name: WorkName;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  /** `undefined`: groups of messages mean nothing. */
  readonly order: WorkOrder | undefined;
  readonly attempts: number;
  readonly maxAge: Duration;
  readonly workerTimeout: Duration;
  readonly maxBatchingWindow: Duration;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.validateProps(props);
    this.name = props.name;
    this.order = props.order;
    this.attempts = props.attempts ?? 5;
    this.maxAge = props.maxAge;
    this.workerTimeout = props.workerTimeout;
    this.maxBatchingWindow = props.maxBatchingWindow ?? Duration.seconds(0);

    const fifo = this.order?.kind === 'fifo';
    const { removalPolicy = RemovalPolicy.DESTROY } = props;
    // Each queue names the other: this one where its dead letters go, and that one whose they may be.
    const queueName = `${generatedName(this, props.name)}${fifo ? '.fifo' : ''}`;
    this.deadLetters = createDeadLetterQueue(this, 'DeadLetters', {
      fifo,
      sourceArn: Stack.of(this).formatArn({ service: 'sqs', resource: queueName }),
      removalPolicy,
    });
    this.queue = new Queue(this, 'Queue', {
      ...PROTECTED,
      ...(fifo && FIFO),
      queueName,
      retentionPeriod: props.retention ?? Duration.days(4),
      visibilityTimeout: Duration.seconds(
        VISIBILITY_FACTOR * this.workerTimeout.toSeconds() + this.maxBatchingWindow.toSeconds(),
      ),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: this.attempts + SPARE_RECEIVES },
      removalPolicy: removalOfNamed(removalPolicy),
    });
  }

  /** Permits to send work, and nothing else. */
  grantSend(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }),
    );
  }

  /**
   * Age of the oldest message, in seconds. Of a standard queue it leaves out what was received three times and more, which
   * SQS puts behind the others. @default - the highest of each minute
   */
  metricOldestAge(options?: MetricOptions): IMetric {
    return this.queue.metricApproximateAgeOfOldestMessage({ ...LEVEL_BY_MINUTE, ...options });
  }

  /** Messages that wait. @default - the most of each minute */
  metricDepth(options?: MetricOptions): IMetric {
    return this.queue.metricApproximateNumberOfMessagesVisible({ ...LEVEL_BY_MINUTE, ...options });
  }

  /** Messages that workers have in hand, or that wait for another try. @default - the most of each minute */
  metricInFlight(options?: MetricOptions): IMetric {
    return this.queue.metricApproximateNumberOfMessagesNotVisible({ ...LEVEL_BY_MINUTE, ...options });
  }

  /** Messages in the dead-letter queue. @default - the most of each minute */
  metricDeadLetters(options?: MetricOptions): IMetric {
    return this.deadLetters.metricApproximateNumberOfMessagesVisible({ ...LEVEL_BY_MINUTE, ...options });
  }

  private validateProps(props: WorkQueueProps): void {
    validateKind('work queue: name', props.name, {
      is: (name) => (WORK_NAMES as readonly unknown[]).includes(name),
      expected: `one of ${WORK_NAMES.join(', ')}`,
      hint: 'new work is named in lambdas/contract/work.ts',
      code: 'unknown-work',
      scope: this,
    });
    const subject = `work queue '${props.name}'`;
    if (props.order !== undefined) {
      validateKind(`${subject}: order`, props.order, {
        is: (order) => order instanceof WorkOrder,
        expected: 'a WorkOrder',
        hint: 'write WorkOrder.fifo() or WorkOrder.fair(), or leave it out',
        code: 'not-an-order',
        scope: this,
      });
    }
    // The visibility, the worker's specification and the alarms are reckoned from these at synth.
    const known = { whole: 'seconds', known: true, scope: this } as const satisfies Partial<DurationRule>;
    validateDuration(`${subject}: workerTimeout`, props.workerTimeout, {
      min: Duration.seconds(1),
      max: Duration.minutes(15),
      ...known,
    });
    validateDuration(`${subject}: maxBatchingWindow`, props.maxBatchingWindow, {
      min: Duration.seconds(0),
      max: Duration.minutes(5),
      ...known,
    });
    validateWholeNumber(`${subject}: attempts`, props.attempts, { min: 1, max: 100, known: true, scope: this });
    validateDuration(`${subject}: retention`, props.retention, {
      min: Duration.hours(1),
      max: RETENTION_MAX,
      hint: 'a dead letter keeps its age, and SQS gives it 14 days in all',
      ...known,
    });
    const retention = props.retention ?? Duration.days(4);
    validateDuration(`${subject}: maxAge`, props.maxAge, {
      min: Duration.seconds(10),
      max: Duration.seconds(Math.floor(retention.toSeconds() / 2)),
      hint: 'there has to be time to mend a backlog before retention ends, and messages with it',
      ...known,
    });
  }
}
