import { type Attribute, arn, type ResourceIdentity, shortId } from '../resource-identity.ts';
import { honoured, ignored, refused, withoutEffect } from '../support.ts';
import { namedArn, noEffect, ownName, type ResourceTypes, runs } from './resource-type.ts';

/** ARN of the function that an alias or a version belongs to; the property may hold a name or an ARN. */
function ownerArn(resource: ResourceIdentity): string {
  const owner = String(resource.property('FunctionName'));
  return owner.startsWith('arn:')
    ? owner.split(':').slice(0, 7).join(':')
    : arn(resource, 'lambda', `function:${owner}`);
}

const aliasArn: Attribute = (resource) => `${ownerArn(resource)}:${String(resource.property('Name'))}`;
const versionArn: Attribute = (resource) => `${ownerArn(resource)}:1`;
const mappingId: Attribute = (resource) => shortId(resource, 24);

export const LAMBDA_TYPES: ResourceTypes = {
  'AWS::Lambda::Alias': runs({
    ref: aliasArn,
    attributes: { AliasArn: aliasArn },
    properties: {
      ...honoured('FunctionName', 'FunctionVersion', 'Name'),
      ...ignored('environments start on demand', 'ProvisionedConcurrencyConfig'),
      ...ignored('there is one version', 'RoutingConfig'),
      ...withoutEffect('Description'),
    },
  }),
  'AWS::Lambda::EventInvokeConfig': noEffect('functions are invoked synchronously'),
  'AWS::Lambda::EventSourceMapping': runs({
    ref: mappingId,
    attributes: {
      EventSourceMappingArn: (resource) => arn(resource, 'lambda', `event-source-mapping:${mappingId(resource)}`),
      Id: mappingId,
    },
    properties: {
      ...honoured(
        'BatchSize',
        'BisectBatchOnFunctionError',
        'DestinationConfig',
        'Enabled',
        'EventSourceArn',
        'FilterCriteria',
        'FunctionName',
        'FunctionResponseTypes',
        'MaximumBatchingWindowInSeconds',
        'MaximumRecordAgeInSeconds',
        'MaximumRetryAttempts',
        'ParallelizationFactor',
        'ProvisionedPollerConfig',
        'ScalingConfig',
        'StartingPosition',
        'StartingPositionTimestamp',
        'TumblingWindowInSeconds',
      ),
      ...refused(
        'the twin reads SQS queues and streams of Kinesis and DynamoDB; it has no Kafka, no brokers and no DocumentDB',
        'AmazonManagedKafkaEventSourceConfig',
        'DocumentDBEventSourceConfig',
        'Queues',
        'SelfManagedEventSource',
        'SelfManagedKafkaEventSourceConfig',
        'SourceAccessConfigurations',
        'Topics',
      ),
      ...withoutEffect('KmsKeyArn', 'LoggingConfig', 'MetricsConfig', 'Tags'),
    },
  }),
  'AWS::Lambda::Function': runs({
    name: 'FunctionName',
    ref: ownName,
    attributes: { Arn: namedArn('lambda', 'function:') },
    properties: {
      ...honoured(
        'Code',
        'Environment',
        'FunctionName',
        'Handler',
        'MemorySize',
        'ReservedConcurrentExecutions',
        'Runtime',
        'Timeout',
      ),
      ...ignored('failed asynchronous invocations are not kept', 'DeadLetterConfig'),
      ...refused('layers are not mounted', 'Layers'),
      ...withoutEffect(
        'Architectures',
        'CodeSigningConfigArn',
        'Description',
        'EphemeralStorage',
        'KmsKeyArn',
        'LoggingConfig',
        'PackageType',
        'PublishToLatestPublished',
        'RecursiveLoop',
        'Role',
        'RuntimeManagementConfig',
        'SnapStart',
        'Tags',
        'TracingConfig',
        'VpcConfig',
      ),
    },
  }),
  'AWS::Lambda::Permission': runs({
    ref: ownName,
    attributes: { Id: ownName },
    properties: {
      ...honoured(
        'Action',
        'EventSourceToken',
        'FunctionName',
        'FunctionUrlAuthType',
        'InvokedViaFunctionUrl',
        'Principal',
        'PrincipalOrgID',
        'SourceAccount',
        'SourceArn',
      ),
    },
  }),
  'AWS::Lambda::Version': runs({
    ref: versionArn,
    attributes: { FunctionArn: versionArn, Version: () => '1' },
    properties: {
      ...honoured('FunctionName'),
      ...ignored('environments start on demand', 'ProvisionedConcurrencyConfig'),
      ...withoutEffect('CodeSha256', 'Description', 'RuntimePolicy'),
    },
  }),
};
