import { stackUuid } from '../physical-name.ts';
import { type Attribute, arn } from '../resource-identity.ts';
import { honoured, ignored, withoutEffect } from '../support.ts';
import { ownName, type ResourceTypes, runs } from './resource-type.ts';

const topicName: Attribute = (resource) => {
  const isUnnamedFifo = String(resource.property('FifoTopic')) === 'true' && !resource.name.endsWith('.fifo');
  return isUnnamedFifo ? `${resource.name}.fifo` : resource.name;
};
const topicArn: Attribute = (resource) => arn(resource, 'sns', String(topicName(resource)));
const subscriptionArn: Attribute = (resource) =>
  `${String(resource.property('TopicArn'))}:${stackUuid(`${resource.stackName}/${resource.logicalId}`)}`;

export const SNS_TYPES: ResourceTypes = {
  // Of the protocols, sqs and lambda are delivered to; a notice names the subscriptions of others.
  'AWS::SNS::Subscription': runs({
    ref: subscriptionArn,
    attributes: { Arn: subscriptionArn },
    properties: {
      ...honoured('Endpoint', 'FilterPolicy', 'FilterPolicyScope', 'Protocol', 'RawMessageDelivery', 'RedrivePolicy'),
      ...honoured('TopicArn'),
      ...ignored('queues and functions are tried again as AWS does without one', 'DeliveryPolicy'),
      ...ignored('topics keep no archive to replay', 'ReplayPolicy'),
      ...withoutEffect('Region', 'SubscriptionRoleArn'),
    },
  }),
  'AWS::SNS::Topic': runs({
    name: 'TopicName',
    ref: topicArn,
    attributes: { TopicArn: topicArn, TopicName: topicName },
    properties: {
      ...honoured('ContentBasedDeduplication', 'FifoThroughputScope', 'FifoTopic', 'MaximumMessageSize'),
      ...honoured('Subscription', 'Tags', 'TopicName'),
      ...ignored('topics keep no archive', 'ArchivePolicy'),
      ...ignored('sensitive data is neither found nor masked', 'DataProtectionPolicy'),
      ...withoutEffect('DeliveryStatusLogging', 'DisplayName', 'KmsMasterKeyId', 'SignatureVersion', 'TracingConfig'),
    },
  }),
  'AWS::SNS::TopicInlinePolicy': runs({ ref: ownName, properties: honoured('PolicyDocument', 'TopicArn') }),
  'AWS::SNS::TopicPolicy': runs({
    ref: ownName,
    attributes: { Id: ownName },
    properties: honoured('PolicyDocument', 'Topics'),
  }),
};
