import { queueBaseUrl } from '../deployed-endpoints.ts';
import { type Attribute, arn } from '../resource-identity.ts';
import { honoured, withoutEffect } from '../support.ts';
import { noEffect, type ResourceTypes, runs } from './resource-type.ts';

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
        'FifoThroughputLimit',
        'MaximumMessageSize',
        'MessageRetentionPeriod',
        'QueueName',
        'ReceiveMessageWaitTimeSeconds',
        'RedrivePolicy',
        'VisibilityTimeout',
      ),
      ...withoutEffect(
        'KmsDataKeyReusePeriodSeconds',
        'KmsMasterKeyId',
        'RedriveAllowPolicy',
        'SqsManagedSseEnabled',
        'Tags',
      ),
    },
  }),
  'AWS::SQS::QueuePolicy': noEffect('resource policies are not evaluated'),
};
