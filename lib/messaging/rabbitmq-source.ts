import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  type CfnEventSourceMapping,
  EventSourceMapping,
  FilterCriteria,
  SourceAccessConfigurationType,
} from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ServiceFunction } from '../compute/service-function.ts';
import { pollerStatements } from './broker-network.ts';
import type { QueueWorkerProps } from './queue-worker.ts';
import type { RabbitQueue } from './rabbitmq-queue.ts';

/**
 * Has a worker work on a RabbitMQ queue. Lambda polls with the function's role, and with the user of the broker that the
 * function knows anyhow. It works on one batch at a time, and only AWS support raises that.
 */
export function pollRabbitQueue(
  scope: Construct,
  queue: RabbitQueue,
  worker: ServiceFunction,
  { batchSize, maxBatchingWindow, filters }: Pick<QueueWorkerProps, 'batchSize' | 'maxBatchingWindow' | 'filters'>,
): void {
  const { broker } = queue;
  broker.useClient(worker, [queue.name]);
  worker.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['mq:DescribeBroker'], resources: [broker.brokerArn] }),
  );
  for (const statement of pollerStatements(scope)) worker.grantPrincipal.addToPrincipalPolicy(statement);
  const mapping = new EventSourceMapping(scope, 'Source', {
    target: worker.alias,
    eventSourceArn: broker.brokerArn,
    ...(batchSize !== undefined && { batchSize }),
    ...(maxBatchingWindow && { maxBatchingWindow }),
    ...(filters && { filters: filters.map((pattern) => FilterCriteria.filter({ ...pattern })) }),
    sourceAccessConfigurations: [
      { type: SourceAccessConfigurationType.BASIC_AUTH, uri: broker.secret.secretArn },
      { type: SourceAccessConfigurationType.VIRTUAL_HOST, uri: '/' },
    ],
  });
  // `EventSourceMapping` does not know it yet.
  (mapping.node.defaultChild as CfnEventSourceMapping).queues = [queue.queueName];
}
