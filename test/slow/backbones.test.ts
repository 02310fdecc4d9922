import type { Template } from 'aws-cdk-lib/assertions';
import { Match } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EventBackbone } from '../../lib/messaging/event-backbone.ts';
import { WorkBackbone } from '../../lib/messaging/work-backbone.ts';
import { synthesizeStage } from '../support/backbone-stage.ts';

type Stage = ReturnType<typeof synthesizeStage>;

beforeAll(() => vi.stubEnv('CDK_VALIDATION', 'true'));
afterAll(() => vi.unstubAllEnvs());

const environments = (template: Template) =>
  Object.entries(template.findResources('AWS::Lambda::Function')).map(([id, { Properties }]) => ({
    id,
    variables: (Properties as { Environment?: { Variables?: Record<string, unknown> } }).Environment?.Variables ?? {},
  }));
const named = (template: Template, id: string) =>
  environments(template).find((each) => each.id.startsWith(id))?.variables;
const mappings = (template: Template) =>
  Object.values(template.findResources('AWS::Lambda::EventSourceMapping')).map(({ Properties }) => Properties);
/** All actions on anything of these services, wherever they are permitted. */
const wildcardActions = (template: Template) =>
  JSON.stringify(template.findResources('AWS::IAM::Policy')).match(/"(kafka|kafka-cluster|mq):[^"]*\*[^"]*"/g);

describe('a stage with its events on Kafka', () => {
  let stage: Stage;
  beforeAll(() => {
    stage = synthesizeStage({ eventBackbone: EventBackbone.kafka({ partitions: 12 }) });
  }, 180_000);

  it('passes cdk-nag and the validation of templates without a finding', () => {
    expect(stage.violations).toEqual([]);
  });

  it('has a cluster with IAM in place of the stream, and a topic as it was asked for', () => {
    stage.data.resourceCountIs('AWS::Kinesis::Stream', 0);
    stage.data.hasResourceProperties('AWS::MSK::ServerlessCluster', {
      ClientAuthentication: { Sasl: { Iam: { Enabled: true } } },
    });
    stage.data.hasResourceProperties('Custom::KafkaTopic', { Partitions: 12, RetentionMs: 86_400_000 });
  });

  it('has all consumers of events read the topic, each as a group of its own, with retries that end somewhere', () => {
    const kafka = mappings(stage.service).filter(({ Topics }) => Topics !== undefined);
    expect(kafka).toHaveLength(2);
    for (const mapping of kafka) {
      expect(mapping).toMatchObject({
        Topics: ['events'],
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 30,
        StartingPosition: 'TRIM_HORIZON',
        ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 2 },
        DestinationConfig: { OnFailure: { Destination: expect.anything() } },
      });
      expect(mapping).not.toHaveProperty('ParallelizationFactor');
    }
    expect(new Set(kafka.map((mapping) => mapping.AmazonManagedKafkaEventSourceConfig.ConsumerGroupId)).size).toBe(2);
  });

  it('publishes to the topic, by a relay that is in the network', () => {
    const relay = named(stage.service, 'OutboxRelay');
    expect(relay).toHaveProperty('SPILLWAY_EVENT_TOPIC');
    expect(relay).not.toHaveProperty('SPILLWAY_EVENT_STREAM');
    stage.service.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ SPILLWAY_EVENT_TOPIC: Match.anyValue() }) },
      VpcConfig: { SubnetIds: Match.anyValue(), SecurityGroupIds: Match.anyValue() },
    });
  });

  it('permits what Kafka asks for by its names', () => {
    expect(wildcardActions(stage.service)).toBeNull();
    expect(wildcardActions(stage.data)).toBeNull();
    stage.service.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: ['kafka-cluster:Connect', 'kafka-cluster:WriteDataIdempotently'] }),
          Match.objectLike({ Action: ['kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'] }),
        ]),
      },
    });
  });

  it('archives the topic', () => {
    stage.data.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'MSKAsSource',
      MSKSourceConfiguration: { TopicName: 'events', AuthenticationConfiguration: { Connectivity: 'PRIVATE' } },
    });
  });

  it('rings when a group is behind, by what MSK estimates', () => {
    const alarms = JSON.stringify(stage.service.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.match(/EstimatedMaxTimeLag/g)).toHaveLength(2);
  });
});

describe('a stage with its work on RabbitMQ', () => {
  let stage: Stage;
  beforeAll(() => {
    stage = synthesizeStage({ workBackbone: WorkBackbone.rabbitmq({ cluster: false }) });
  }, 180_000);

  it('passes cdk-nag and the validation of templates without a finding', () => {
    expect(stage.violations).toEqual([]);
  });

  it('has a private, encrypted broker that is looked after at night, with a password that nobody has seen', () => {
    stage.data.hasResourceProperties('AWS::AmazonMQ::Broker', {
      EngineType: 'RABBITMQ',
      EngineVersion: '4.2',
      DeploymentMode: 'SINGLE_INSTANCE',
      HostInstanceType: 'mq.m7g.medium',
      PubliclyAccessible: false,
      EncryptionOptions: { UseAwsOwnedKey: true },
      AutoMinorVersionUpgrade: true,
      Logs: { General: true },
      SubnetIds: [Match.anyValue()],
      MaintenanceWindowStartTime: { DayOfWeek: 'SUNDAY', TimeOfDay: '03:00', TimeZone: 'UTC' },
      Users: [{ Username: 'spillway', Password: { 'Fn::Join': Match.anyValue() } }],
    });
    stage.data.hasResourceProperties('Custom::RabbitQueues', { Queues: '[{"name":"video","attempts":5}]' });
  });

  it('has the worker of videos poll its queue there, and that of activity SQS, which API Gateway writes', () => {
    const [rabbit, ...others] = mappings(stage.service).filter(({ Queues }) => Queues !== undefined);
    expect(others).toEqual([]);
    expect(rabbit).toMatchObject({
      Queues: ['video'],
      BatchSize: 1,
      SourceAccessConfigurations: [{ Type: 'BASIC_AUTH' }, { Type: 'VIRTUAL_HOST', URI: '/' }],
    });
    expect(rabbit).not.toHaveProperty('ScalingConfig');
    expect(named(stage.service, 'ActivityWorker')).not.toHaveProperty('SPILLWAY_WORK_BROKER');
    stage.data.resourceCountIs('AWS::Kinesis::Stream', 1);
  });

  it('tells relay and worker of the broker, and has them in its network', () => {
    for (const id of ['OutboxRelay', 'VideoWorker']) {
      expect(named(stage.service, id)).toHaveProperty('SPILLWAY_WORK_BROKER');
      const [resource] = Object.entries(stage.service.findResources('AWS::Lambda::Function'))
        .filter(([name]) => name.startsWith(id))
        .map(([, { Properties }]) => Properties);
      expect(resource.VpcConfig.SecurityGroupIds).toHaveLength(2);
    }
    expect(JSON.stringify(named(stage.service, 'OutboxRelay')?.SPILLWAY_WORK_QUEUES)).not.toContain('video');
  });

  it('refuses nobody for a queue whose age nobody knows, and rings for its depth and dead letters', () => {
    const video = named(stage.service, 'ApiVideo');
    expect(JSON.stringify(video)).not.toContain('by-priority');
    const alarms = JSON.stringify(stage.service.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms).toContain('messaging.md#rabbitmq-depth');
    expect(alarms).toContain('messaging.md#rabbitmq-dead-letters');
  });

  it('permits what Lambda asks for by its names', () => {
    expect(wildcardActions(stage.service)).toBeNull();
    stage.service.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'mq:DescribeBroker' })]) },
    });
  });
});

describe('a stage with both', () => {
  it('passes as well, with one endpoint of S3 for the route tables of both', () => {
    const stage = synthesizeStage({ eventBackbone: EventBackbone.kafka(), workBackbone: WorkBackbone.rabbitmq() });
    expect(stage.violations).toEqual([]);
    const gateways = Object.values(stage.data.findResources('AWS::EC2::VPCEndpoint')).filter(
      ({ Properties }) => Properties.VpcEndpointType === 'Gateway',
    );
    expect(gateways).toHaveLength(2);
    stage.data.hasResourceProperties('AWS::AmazonMQ::Broker', { DeploymentMode: 'CLUSTER_MULTI_AZ' });
  }, 180_000);
});
