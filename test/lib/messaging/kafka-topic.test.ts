import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { Network } from '../../../lib/data/network.ts';
import { KafkaTopic, type KafkaTopicProps } from '../../../lib/messaging/kafka-topic.ts';
import { StreamWorker, type StreamWorkerProps } from '../../../lib/messaging/stream-worker.ts';
import { BROKER_HANDLERS, FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

function createTopic(props: Partial<KafkaTopicProps> = {}) {
  const stack = flaggedStack();
  const network = new Network(stack, 'Network');
  const topic = new KafkaTopic(stack, 'Events', {
    network,
    removalPolicy: RemovalPolicy.RETAIN,
    handlersDirectory: BROKER_HANDLERS,
    ...props,
  });
  return { stack, topic };
}

function createWorker(props: Partial<StreamWorkerProps>) {
  const { stack, topic } = createTopic();
  return new StreamWorker(stack, 'Worker', {
    handler: 'workers/echo',
    handlersDirectory: FIXTURE_HANDLERS,
    description: 'Consumes events',
    source: topic,
    ...props,
  });
}

describe('KafkaTopic', () => {
  it('keeps its cluster as it is told, and lets nobody in but clients and pollers', () => {
    const { stack } = createTopic();
    const template = Template.fromStack(stack);
    template.hasResource('AWS::MSK::ServerlessCluster', { DeletionPolicy: 'Retain' });
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(
      ({ Properties: { FromPort, ToPort, SourceSecurityGroupId } }) => [
        FromPort,
        ToPort,
        SourceSecurityGroupId !== undefined,
      ],
    );
    expect(rules).toEqual([
      [9_098, 9_098, true],
      [9_098, 9_098, true],
    ]);
  });

  it('makes its topic only once there is a way to the cluster', () => {
    const { stack } = createTopic();
    const [resource] = Object.values(Template.fromStack(stack).findResources('Custom::KafkaTopic'));
    const needs = (resource as { readonly DependsOn: readonly string[] }).DependsOn.join(' ');
    expect(needs).toMatch(/ClientSecurityGroup\w*to/);
    expect(needs).toMatch(/NetworkVpcS3/);
    expect(needs).toMatch(/DefaultPolicy/);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2_401])('fails on %d partitions', (partitions) => {
    expect(() => createTopic({ partitions })).toThrow(
      'kafka topic: partitions must be a whole number between 1 and 2400',
    );
  });

  it.each([Duration.hours(23), Duration.days(366)])('fails on a retention of %s', (retention) => {
    expect(() => createTopic({ retention })).toThrow('kafka topic: retention must be');
  });
});

describe('a StreamWorker of a KafkaTopic', () => {
  it.each([
    ['parallelizationFactor', { parallelizationFactor: 2 }],
    ['tumblingWindow', { tumblingWindow: Duration.seconds(30) }],
    ['fanOut', { fanOut: true }],
  ])('fails on %s', (name, props) => {
    expect(() => createWorker(props)).toThrow(
      `worker 'workers/echo': ${name} is for streams, and the source is a Kafka topic; remove it`,
    );
  });

  it('gives up by itself what the topic no longer has', () => {
    const worker = createWorker({});
    Template.fromStack(worker.node.scope as never).hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      MaximumRecordAgeInSeconds: 82_800,
    });
  });
});
