import { CACHE_PORT, cacheHost, queueBaseUrl } from './deployed-endpoints.ts';
import { uuidOf } from './physical-name.ts';
import type { Attribute, ResourceIdentity } from './resource-identity.ts';
import { arn, shortId } from './resource-identity.ts';

/** How the twin takes a resource type, and what it answers for it to `Ref` and `Fn::GetAtt`. */
export interface ResourceType {
  /** `runs`: the twin does what the resource says. `no-effect`: it changes nothing on a laptop; counted in a notice. */
  readonly disposition: 'runs' | 'no-effect';
  /** Property that names the resource; without it, or where it is not set, the name is generated. */
  readonly nameProperty?: string;
  readonly ref: Attribute;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

const name: Attribute = (resource) => resource.name;
const id: Attribute = (resource) => shortId(resource);

function runs(
  nameProperty: string | undefined,
  ref: Attribute,
  attributes: ResourceType['attributes'] = {},
): ResourceType {
  return { disposition: 'runs', ...(nameProperty && { nameProperty }), ref, attributes };
}

function noEffect(
  nameProperty?: string,
  attributes: ResourceType['attributes'] = {},
  ref: Attribute = name,
): ResourceType {
  return { disposition: 'no-effect', ...(nameProperty && { nameProperty }), ref, attributes };
}

const functionArn: Attribute = (resource) => arn(resource, 'lambda', `function:${resource.name}`);
/** ARN of the function that an alias or a version belongs to; the property may hold a name or an ARN. */
function ownerArn(resource: ResourceIdentity): string {
  const owner = String(resource.property('FunctionName'));
  return owner.startsWith('arn:')
    ? owner.split(':').slice(0, 7).join(':')
    : arn(resource, 'lambda', `function:${owner}`);
}
const aliasArn: Attribute = (resource) => `${ownerArn(resource)}:${String(resource.property('Name'))}`;
const versionArn: Attribute = (resource) => `${ownerArn(resource)}:1`;
const tableArn: Attribute = (resource) => arn(resource, 'dynamodb', `table/${resource.name}`);
const tableStreamArn: Attribute = (resource) => `${String(tableArn(resource))}/stream/2026-01-01T00:00:00.000`;
const secretArn: Attribute = (resource) =>
  arn(resource, 'secretsmanager', `secret:${resource.name}-${shortId(resource, 6)}`);
const queueName: Attribute = (resource) => {
  const isUnnamedFifo = String(resource.property('FifoQueue')) === 'true' && !resource.name.endsWith('.fifo');
  return isUnnamedFifo ? `${resource.name}.fifo` : resource.name;
};
const queueUrl: Attribute = (resource) =>
  `${queueBaseUrl(resource.region)}/${resource.accountId}/${String(queueName(resource))}`;
const cacheAddress: Attribute = (resource) => cacheHost(resource);
const cachePort: Attribute = () => String(CACHE_PORT);

/** The types that the twin runs. */
const RUNS: Readonly<Record<string, ResourceType>> = {
  'AWS::ApiGateway::ApiKey': runs('Name', id, { APIKeyId: id }),
  'AWS::ApiGateway::Authorizer': runs('Name', id, { AuthorizerId: id }),
  'AWS::ApiGateway::Deployment': runs(undefined, id, { DeploymentId: id }),
  'AWS::ApiGateway::GatewayResponse': runs(undefined, id, { Id: id }),
  'AWS::ApiGateway::Method': runs(undefined, id),
  'AWS::ApiGateway::Model': runs('Name', name),
  'AWS::ApiGateway::RequestValidator': runs('Name', id, { RequestValidatorId: id }),
  'AWS::ApiGateway::Resource': runs(undefined, id, { ResourceId: id }),
  'AWS::ApiGateway::RestApi': runs('Name', id, {
    RestApiId: id,
    RootResourceId: (resource) => `${shortId(resource, 9)}0`,
  }),
  'AWS::ApiGateway::Stage': runs('StageName', name),
  'AWS::ApiGateway::UsagePlan': runs('UsagePlanName', id, { Id: id }),
  'AWS::ApiGateway::UsagePlanKey': runs(
    undefined,
    (resource) => `${String(resource.property('KeyId'))}:${String(resource.property('UsagePlanId'))}`,
    { Id: (resource) => `${String(resource.property('KeyId'))}:${String(resource.property('UsagePlanId'))}` },
  ),
  'AWS::DynamoDB::GlobalTable': runs('TableName', name, {
    Arn: tableArn,
    StreamArn: tableStreamArn,
    TableId: (resource) => shortId(resource, 24),
  }),
  'AWS::DynamoDB::Table': runs('TableName', name, { Arn: tableArn, StreamArn: tableStreamArn }),
  'AWS::ElastiCache::ServerlessCache': runs('ServerlessCacheName', name, {
    ARN: (resource) => arn(resource, 'elasticache', `serverlesscache:${resource.name}`),
    'Endpoint.Address': cacheAddress,
    'Endpoint.Port': cachePort,
    'ReaderEndpoint.Address': cacheAddress,
    'ReaderEndpoint.Port': cachePort,
  }),
  'AWS::Kinesis::Stream': runs('Name', name, {
    Arn: (resource) => arn(resource, 'kinesis', `stream/${resource.name}`),
  }),
  'AWS::Lambda::Alias': runs(undefined, aliasArn, { AliasArn: aliasArn }),
  'AWS::Lambda::EventSourceMapping': runs(undefined, (resource) => shortId(resource, 24), {
    Id: (resource) => shortId(resource, 24),
  }),
  'AWS::Lambda::Function': runs('FunctionName', name, { Arn: functionArn }),
  'AWS::Lambda::Version': runs(undefined, versionArn, { FunctionArn: versionArn, Version: () => '1' }),
  'AWS::SecretsManager::RotationSchedule': runs(undefined, (resource) => resource.property('SecretId')),
  'AWS::SecretsManager::Secret': runs('Name', secretArn, { Id: secretArn }),
  'AWS::SQS::Queue': runs('QueueName', queueUrl, {
    Arn: (resource) => arn(resource, 'sqs', String(queueName(resource))),
    QueueName: queueName,
    QueueUrl: queueUrl,
  }),
};

const keyId: Attribute = (resource) => {
  const digits = shortId(resource, 24).replaceAll(/[^0-9a-f]/g, '0');
  return uuidOf(digits.padEnd(32, '0'));
};
const ec2Id =
  (prefix: string): Attribute =>
  (resource) =>
    `${prefix}-${shortId(resource, 17)}`;
const topicArn: Attribute = (resource) => arn(resource, 'sns', resource.name);
const logGroupArn: Attribute = (resource) => arn(resource, 'logs', `log-group:${resource.name}:*`);
const iamArn =
  (kind: string): Attribute =>
  (resource) =>
    `arn:aws:iam::${resource.accountId}:${kind}/${resource.name}`;
const ec2 = (prefix: string, attributes: ResourceType['attributes'] = {}): ResourceType =>
  noEffect(undefined, attributes, ec2Id(prefix));

/** The types that matter in AWS and change nothing on a laptop. */
const NO_EFFECT: Readonly<Record<string, ResourceType>> = {
  'AWS::ApiGateway::Account': noEffect(undefined, { Id: id }),
  'AWS::ApplicationAutoScaling::ScalableTarget': noEffect(),
  'AWS::ApplicationAutoScaling::ScalingPolicy': noEffect('PolicyName'),
  'AWS::CDK::Metadata': noEffect(),
  'AWS::CloudWatch::Alarm': noEffect('AlarmName', {
    Arn: (resource) => arn(resource, 'cloudwatch', `alarm:${resource.name}`),
  }),
  'AWS::CloudWatch::CompositeAlarm': noEffect('AlarmName', {
    Arn: (resource) => arn(resource, 'cloudwatch', `alarm:${resource.name}`),
  }),
  'AWS::CloudWatch::Dashboard': noEffect('DashboardName'),
  'AWS::EC2::EgressOnlyInternetGateway': ec2('eigw', { Id: ec2Id('eigw') }),
  'AWS::EC2::EIP': ec2('eipalloc', { AllocationId: ec2Id('eipalloc'), PublicIp: () => '192.0.2.1' }),
  'AWS::EC2::FlowLog': ec2('fl', { Id: ec2Id('fl') }),
  'AWS::EC2::InternetGateway': ec2('igw', { InternetGatewayId: ec2Id('igw') }),
  'AWS::EC2::NatGateway': ec2('nat', { NatGatewayId: ec2Id('nat') }),
  'AWS::EC2::NetworkAcl': ec2('acl', { Id: ec2Id('acl') }),
  'AWS::EC2::Route': ec2('rtb'),
  'AWS::EC2::RouteTable': ec2('rtb', { RouteTableId: ec2Id('rtb') }),
  'AWS::EC2::SecurityGroup': ec2('sg', { GroupId: ec2Id('sg'), VpcId: (resource) => resource.property('VpcId') }),
  'AWS::EC2::SecurityGroupEgress': ec2('sgr', { Id: ec2Id('sgr') }),
  'AWS::EC2::SecurityGroupIngress': ec2('sgr', { Id: ec2Id('sgr') }),
  'AWS::EC2::Subnet': ec2('subnet', {
    AvailabilityZone: (resource) => resource.property('AvailabilityZone'),
    CidrBlock: (resource) => resource.property('CidrBlock'),
    SubnetId: ec2Id('subnet'),
  }),
  'AWS::EC2::SubnetRouteTableAssociation': ec2('rtbassoc', { Id: ec2Id('rtbassoc') }),
  'AWS::EC2::VPC': ec2('vpc', {
    CidrBlock: (resource) => resource.property('CidrBlock'),
    DefaultNetworkAcl: ec2Id('acl'),
    DefaultSecurityGroup: ec2Id('sg'),
    Ipv6CidrBlocks: () => ['2001:db8::/56'],
    VpcId: ec2Id('vpc'),
  }),
  'AWS::EC2::VPCCidrBlock': ec2('vpc-cidr-assoc', { Id: ec2Id('vpc-cidr-assoc') }),
  'AWS::EC2::VPCEndpoint': ec2('vpce', { Id: ec2Id('vpce') }),
  'AWS::EC2::VPCGatewayAttachment': ec2('igw'),
  'AWS::ElastiCache::User': noEffect('UserId', {
    Arn: (resource) => arn(resource, 'elasticache', `user:${resource.name}`),
  }),
  'AWS::ElastiCache::UserGroup': noEffect('UserGroupId', {
    Arn: (resource) => arn(resource, 'elasticache', `usergroup:${resource.name}`),
  }),
  'AWS::IAM::ManagedPolicy': noEffect('ManagedPolicyName', {}, iamArn('policy')),
  'AWS::IAM::Policy': noEffect('PolicyName'),
  'AWS::IAM::Role': noEffect('RoleName', { Arn: iamArn('role'), RoleId: (resource) => `AROA${shortId(resource, 17)}` }),
  'AWS::KMS::Alias': noEffect('AliasName'),
  'AWS::KMS::Key': noEffect(
    undefined,
    { Arn: (resource) => arn(resource, 'kms', `key/${String(keyId(resource))}`), KeyId: keyId },
    keyId,
  ),
  'AWS::Lambda::EventInvokeConfig': noEffect(),
  'AWS::Lambda::Permission': noEffect(),
  'AWS::Logs::LogGroup': noEffect('LogGroupName', { Arn: logGroupArn }),
  'AWS::Logs::LogStream': noEffect('LogStreamName'),
  'AWS::Logs::MetricFilter': noEffect('FilterName'),
  'AWS::Logs::QueryDefinition': noEffect('Name'),
  'AWS::Logs::ResourcePolicy': noEffect('PolicyName'),
  'AWS::SecretsManager::ResourcePolicy': noEffect(),
  'AWS::SNS::Subscription': noEffect(),
  'AWS::SNS::Topic': noEffect('TopicName', { TopicArn: topicArn, TopicName: name }, topicArn),
  'AWS::SNS::TopicPolicy': noEffect(),
  'AWS::SQS::QueuePolicy': noEffect(),
  // Custom resources of the CDK's own: housekeeping in an account, of which a laptop has none.
  'Custom::LogRetention': noEffect('LogGroupName'),
  'Custom::VpcRestrictDefaultSG': noEffect(),
};

/** Every resource type that the twin knows. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = { ...RUNS, ...NO_EFFECT };
