import type { RemovalPolicy } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Network } from '../data/network.ts';
import { RabbitBroker, type RabbitBrokerOptions } from './rabbitmq-broker.ts';
import { RabbitQueue } from './rabbitmq-queue.ts';
import { WorkQueue, type WorkQueueProps } from './work-queue.ts';

/** Where work waits: publishers and workers take either. */
export type WorkChannel = WorkQueue | RabbitQueue;

/** What a stage says of its work, whatever carries it. */
export interface WorkBackboneProps {
  /** The VPC for what has to be in one. */
  readonly network: Network;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** Makes the queues of a stage. */
export type CreateWorkChannel = (id: string, props: Omit<WorkQueueProps, 'removalPolicy'>) => WorkChannel;

/**
 * What carries a stage's work that comes through the outbox; what API Gateway puts into a queue by itself is in SQS either
 * way. docs/adr/0026-backbones.md has what each is good for.
 */
export class WorkBackbone {
  /** SQS queues: nothing to look after, as much at a time as workers take, and nothing to pay while nothing happens. */
  static sqs(): WorkBackbone {
    return new WorkBackbone((scope, { removalPolicy }) => (id, props) => {
      return new WorkQueue(scope, id, { ...props, removalPolicy });
    });
  }

  /**
   * Queues of a RabbitMQ broker of Amazon MQ, for those whose other systems speak AMQP. One batch at a time, in no promised
   * order, and a queue that is behind is not told of: `order`, `maxAge` and `retention` of a queue mean nothing here. The twin
   * does not run it.
   */
  static rabbitmq(options: RabbitBrokerOptions = {}): WorkBackbone {
    return new WorkBackbone((scope, common) => {
      const broker = new RabbitBroker(scope, 'WorkBroker', { ...options, ...common });
      return (id, props) => new RabbitQueue(scope, id, { ...props, broker });
    });
  }

  /** Makes what all queues share, if anything. */
  readonly create: (scope: Construct, props: WorkBackboneProps) => CreateWorkChannel;

  private constructor(create: WorkBackbone['create']) {
    this.create = create;
  }
}
