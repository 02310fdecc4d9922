import { Duration } from 'aws-cdk-lib';
import { type IMetric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { deadLetterQueueName, type RabbitQueueSpec, workQueueName } from '../../lambdas/contract/rabbitmq-queues.ts';
import { WORK_NAMES, type WorkName } from '../../lambdas/contract/work.ts';
import { ServiceFunction } from '../compute/service-function.ts';
import { validateDuration, validateWholeNumber } from '../validate.ts';
import { validateKind } from '../validate-kind.ts';
import { BrokerSetup } from './broker-setup.ts';
import type { RabbitBroker } from './rabbitmq-broker.ts';
import type { WorkQueueProps } from './work-queue.ts';

/** What a queue of work is made with on either backbone; what RabbitMQ has no like of is left out. */
export interface RabbitQueueProps
  extends Pick<WorkQueueProps, 'name' | 'workerTimeout' | 'maxBatchingWindow' | 'attempts'> {
  readonly broker: RabbitBroker;
  /** Where handlers are looked for. @default - this package's `lambdas` */
  readonly handlersDirectory?: string;
}

/** RabbitMQ takes a consumer for dead that holds a message for half an hour. */
const TIMEOUT_MAX = Duration.minutes(15);

/**
 * Accepted work that waits for a worker on RabbitMQ: a quorum queue, one for the dead letters, and those in which messages
 * wait for their next attempt. They are in no order that anybody may count on.
 */
export class RabbitQueue extends Construct {
  readonly name: WorkName;
  readonly broker: RabbitBroker;
  readonly attempts: number;
  readonly workerTimeout: Duration;
  readonly maxBatchingWindow: Duration;
  /** As on the broker. */
  readonly queueName: string;
  readonly deadLettersName: string;
  /** It keeps none. */
  readonly order = undefined;

  constructor(scope: Construct, id: string, props: RabbitQueueProps) {
    super(scope, id);
    this.validateProps(props);
    const { broker, name } = props;
    this.name = name;
    this.broker = broker;
    this.attempts = props.attempts ?? 5;
    this.workerTimeout = props.workerTimeout;
    this.maxBatchingWindow = props.maxBatchingWindow ?? Duration.seconds(0);
    this.queueName = workQueueName(name);
    this.deadLettersName = deadLetterQueueName(name);

    const declarer = new ServiceFunction(this, 'Declare', {
      handler: 'workers/rabbitmq-queues',
      description: `Declares the queues of work '${name}' on the broker`,
      timeout: Duration.seconds(60),
      ...broker.clientOptions,
      ...broker.kept,
      ...(props.handlersDirectory !== undefined && { handlersDirectory: props.handlersDirectory }),
    });
    broker.useClient(declarer, [name]);
    const specs: RabbitQueueSpec[] = [{ name, attempts: this.attempts }];
    new BrokerSetup(this, 'Queues', {
      function: declarer,
      type: 'RabbitQueues',
      // With the broker, another one of which has no queues yet.
      properties: { BrokerArn: broker.brokerArn, Queues: JSON.stringify(specs) },
      after: broker.way,
    });
  }

  /** Messages that wait. @default - the most of each minute */
  metricDepth(options?: MetricOptions): IMetric {
    return this.broker.metricOfQueue('MessageReadyCount', this.queueName, { statistic: Stats.MAXIMUM, ...options });
  }

  /** Messages in the dead-letter queue. @default - the most of each minute */
  metricDeadLetters(options?: MetricOptions): IMetric {
    return this.broker.metricOfQueue('MessageCount', this.deadLettersName, { statistic: Stats.MAXIMUM, ...options });
  }

  private validateProps(props: RabbitQueueProps): void {
    validateKind('work queue: name', props.name, {
      is: (name) => (WORK_NAMES as readonly unknown[]).includes(name),
      expected: `one of ${WORK_NAMES.join(', ')}`,
      hint: 'new work is named in lambdas/contract/work.ts',
      code: 'unknown-work',
      scope: this,
    });
    const subject = `work queue '${props.name}'`;
    const known = { known: true, scope: this } as const;
    validateDuration(`${subject}: workerTimeout`, props.workerTimeout, {
      min: Duration.seconds(1),
      max: TIMEOUT_MAX,
      whole: 'seconds',
      ...known,
    });
    validateDuration(`${subject}: maxBatchingWindow`, props.maxBatchingWindow, {
      min: Duration.seconds(0),
      max: Duration.minutes(5),
      whole: 'seconds',
      ...known,
    });
    validateWholeNumber(`${subject}: attempts`, props.attempts, { min: 1, max: 100, ...known });
  }
}
