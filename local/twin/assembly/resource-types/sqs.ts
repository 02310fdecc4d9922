import { queueBaseUrl } from '../deployed-endpoints.ts';
import { type Attribute, arn } from '../resource-identity.ts';
import { honoured, withoutEffect } from '../support.ts';
import { ownName, type ResourceTypes, runs } from './resource-type.ts';

const queueName: Attribute = (resource) => {
  const isUnnamedFifo = String(resource.property('FifoQueue')) === 'true' && !resource.name.endsWith('.fifo');
  return isUnnamedFifo ? `${resource.name}.fifo` : resource.name;
};
const queueUrl: Attribute = (resource) =>
  `${queueBaseUrl(resource.region)}/${resource.accountId}/${String(queueName(resource))}`;

export const SQS_TYPES: ResourceTypes = {
  'AWS::SQS::Queue': runs({
    name: 'QueueName',
    ref: queueUrl,
    attributes: {
      Arn: (resource) => arn(resource, 'sqs', String(queueName(resource))),
      QueueName: queueName,
      QueueUrl: queueUrl,
    },
    properties: {
      ...honoured(
        'ContentBasedDeduplication',
        'DeduplicationScope',
        'DelaySeconds',
        'FifoQueue',
        'MaximumMessageSize',
        'MessageRetentionPeriod',
        'QueueName',
        'ReceiveMessageWaitTimeSeconds',
        'RedriveAllowPolicy',
        'RedrivePolicy',
        'Tags',
        'VisibilityTimeout',
      ),
      // A throughput limit is checked and answered, but no calls a second are refused.
      ...withoutEffect('FifoThroughputLimit', 'KmsDataKeyReusePeriodSeconds', 'KmsMasterKeyId', 'SqsManagedSseEnabled'),
    },
  }),
  'AWS::SQS::QueueInlinePolicy': runs({ ref: ownName, properties: honoured('PolicyDocument', 'Queue') }),
  'AWS::SQS::QueuePolicy': runs({
    ref: ownName,
    attributes: { Id: ownName },
    properties: honoured('PolicyDocument', 'Queues'),
  }),
};
