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

function urlOwnerArn(resource: ResourceIdentity): string {
  const owner = String(resource.property('TargetFunctionArn'));
  return owner.startsWith('arn:') ? owner : arn(resource, 'lambda', `function:${owner}`);
}

const aliasArn: Attribute = (resource) => `${ownerArn(resource)}:${String(resource.property('Name'))}`;
const versionArn: Attribute = (resource) => `${ownerArn(resource)}:1`;
const layerVersionArn: Attribute = (resource) => arn(resource, 'lambda', `layer:${resource.name}:1`);
const codeSigningId: Attribute = (resource) => `csc-${shortId(resource, 17)}`;
const codeSigningArn: Attribute = (resource) =>
  arn(resource, 'lambda', `code-signing-config:${String(codeSigningId(resource))}`);
const mappingId: Attribute = (resource) => shortId(resource, 24);

export const LAMBDA_TYPES: ResourceTypes = {
  'AWS::Lambda::Alias': runs({
    ref: aliasArn,
    attributes: { AliasArn: aliasArn },
    properties: {
      ...honoured('FunctionName', 'FunctionVersion', 'Name'),
      ...ignored('environments start on demand', 'ProvisionedConcurrencyConfig'),
      ...ignored('an assembly has one version of a function, which the alias always stands for', 'RoutingConfig'),
      ...withoutEffect('Description'),
    },
  }),
  'AWS::Lambda::CodeSigningConfig': noEffect('the code of an assembly is not signed', {
    ref: codeSigningArn,
    attributes: { CodeSigningConfigArn: codeSigningArn, CodeSigningConfigId: codeSigningId },
  }),
  'AWS::Lambda::EventInvokeConfig': runs({
    ref: ownName,
    properties: honoured(
      'DestinationConfig',
      'FunctionName',
      'MaximumEventAgeInSeconds',
      'MaximumRetryAttempts',
      'Qualifier',
    ),
  }),
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
        'DeadLetterConfig',
        'Environment',
        'FunctionName',
        'Handler',
        // Modules of layers are found; `/opt` is not mounted, so files read by their path and extensions are missing.
        'Layers',
        'LoggingConfig',
        'MemorySize',
        'ReservedConcurrentExecutions',
        'Role',
        'Runtime',
        'Timeout',
      ),
      ...ignored('no files are mounted', 'FileSystemConfigs'),
      ...refused('durable executions are not run', 'DurableConfig'),
      ...refused('functions of many tenants are not run', 'TenancyConfig'),
      ...refused('container images are not run; use Code.fromAsset', 'ImageConfig'),
      ...withoutEffect(
        'Architectures',
        'CapacityProviderConfig',
        'CodeSigningConfigArn',
        'Description',
        'EphemeralStorage',
        'FunctionScalingConfig',
        'KmsKeyArn',
        'PackageType',
        'PublishToLatestPublished',
        'RecursiveLoop',
        'RuntimeManagementConfig',
        'SnapStart',
        'Tags',
        'TracingConfig',
        'VpcConfig',
      ),
    },
  }),
  'AWS::Lambda::LayerVersion': runs({
    name: 'LayerName',
    ref: layerVersionArn,
    attributes: { LayerVersionArn: layerVersionArn },
    properties: {
      ...honoured('Content', 'LayerName'),
      ...withoutEffect('CompatibleArchitectures', 'CompatibleRuntimes', 'Description', 'LicenseInfo'),
    },
  }),
  'AWS::Lambda::LayerVersionPermission': noEffect('there is one account'),
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
  'AWS::Lambda::Url': noEffect('function URLs are not served; an HTTP API before the function is', {
    ref: (resource) => urlOwnerArn(resource),
    attributes: {
      FunctionArn: (resource) => urlOwnerArn(resource),
      FunctionUrl: (resource) => `https://${shortId(resource, 32)}.lambda-url.${resource.region}.on.aws/`,
    },
  }),
  'AWS::Lambda::Version': runs({
    ref: versionArn,
    attributes: { FunctionArn: versionArn, Version: () => '1' },
    properties: {
      ...honoured('FunctionName'),
      ...ignored('environments start on demand', 'ProvisionedConcurrencyConfig'),
      ...withoutEffect('CodeSha256', 'Description', 'FunctionScalingConfig', 'RuntimePolicy'),
    },
  }),
};
