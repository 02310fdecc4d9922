import { ArnFormat, Duration, Fn, Names, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IMetric, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnServerlessCluster } from 'aws-cdk-lib/aws-msk';
import { Construct, type IDependable } from 'constructs';
import type { KafkaTopicSpec } from '../../lambdas/contract/broker-spec.ts';
import { Env } from '../../lambdas/contract/environment.ts';
import { ServiceFunction } from '../compute/service-function.ts';
import type { Network } from '../data/network.ts';
import { validateDuration, validateWholeNumber } from '../validate.ts';
import { addS3Endpoint, createBrokerSecurityGroups } from './broker-network.ts';
import { BrokerSetup } from './broker-setup.ts';

/** MSK Serverless listens there for clients with IAM. */
const PORT = 9_098;
const TOPIC = 'events';
/** A cluster of MSK Serverless has 2,400 of them in all. */
const PARTITIONS_MAX = 2_400;

export interface KafkaTopicProps {
  /** The VPC that the cluster is in, with whoever publishes. */
  readonly network: Network;
  /**
   * Partitions, 1 to 2,400: as many events as there are of them are worked on at a time by each worker. To change it later
   * takes Kafka's own tools, and moves keys to other partitions, past events that wait in the old ones. @default 6
   */
  readonly partitions?: number;
  /** How long events can be read again, 1 to 365 days. @default Duration.days(1) */
  readonly retention?: Duration;
  /** How long logs of the functions that set it up are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /** What becomes of the cluster when the stack goes. */
  readonly removalPolicy: RemovalPolicy;
  /** Where handlers are looked for. @default - this package's `lambdas` */
  readonly handlersDirectory?: string;
}

type FunctionOptions = Pick<KafkaTopicProps, 'logRetention' | 'removalPolicy' | 'handlersDirectory'>;

/** Events for whoever wants to know, on Kafka: a topic of an MSK Serverless cluster, encrypted, entered with IAM alone. */
export class KafkaTopic extends Construct {
  readonly topicName = TOPIC;
  /** How long events can be read again. */
  readonly retention: Duration;
  readonly clusterArn: string;
  readonly clusterName: string;
  readonly topicArn: string;
  private readonly network: Network;
  private readonly clients: SecurityGroup;
  private readonly brokers: string;

  constructor(scope: Construct, id: string, props: KafkaTopicProps) {
    super(scope, id);
    const { network, partitions = 6, logRetention, removalPolicy, handlersDirectory } = props;
    this.network = network;
    this.retention = props.retention ?? Duration.days(1);
    validateWholeNumber('kafka topic: partitions', partitions, { min: 1, max: PARTITIONS_MAX, scope: this });
    validateDuration('kafka topic: retention', this.retention, {
      min: Duration.days(1),
      max: Duration.days(365),
      whole: 'hours',
      scope: this,
    });

    const groups = createBrokerSecurityGroups(this, network, { name: 'the Kafka cluster', port: PORT });
    this.clients = groups.clients;
    this.clusterName = Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });
    const cluster = new CfnServerlessCluster(this, 'Resource', {
      clusterName: this.clusterName,
      clientAuthentication: { sasl: { iam: { enabled: true } } },
      vpcConfigs: [
        {
          subnetIds: network.vpc.selectSubnets(network.subnets).subnetIds,
          securityGroups: [groups.brokers.securityGroupId],
        },
      ],
    });
    cluster.applyRemovalPolicy(removalPolicy);
    this.clusterArn = cluster.attrArn;
    this.topicArn = this.arnOf('topic', TOPIC);
    const way = [groups.clients, groups.brokers, addS3Endpoint(network)];

    const kept: FunctionOptions = {
      removalPolicy,
      ...(logRetention !== undefined && { logRetention }),
      ...(handlersDirectory !== undefined && { handlersDirectory }),
    };
    this.brokers = this.readBrokers(kept);
    this.createTopic(partitions, way, kept);
  }

  /** Lets a function publish, and tells it where: it has to be made with what `clientOptions` says. */
  usePublisher(publisher: ServiceFunction): void {
    this.tell(publisher);
    this.allow(publisher, ['kafka-cluster:Connect', 'kafka-cluster:WriteDataIdempotently'], this.clusterArn);
    this.allow(publisher, ['kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'], this.topicArn);
  }

  /** Where a function has to run to reach the cluster. */
  get clientOptions(): { readonly network: Network; readonly securityGroups: readonly SecurityGroup[] } {
    return { network: this.network, securityGroups: [this.clients] };
  }

  /** ARN of a consumer group of the cluster, which is made when it is first used. */
  groupArn(group: string): string {
    return this.arnOf('group', group);
  }

  /** Time that a group of consumers is behind, in seconds, as MSK estimates it. @default - the most of each minute */
  metricLag(group: string, options?: MetricOptions): IMetric {
    return new Metric({
      namespace: 'AWS/Kafka',
      metricName: 'EstimatedMaxTimeLag',
      dimensionsMap: { 'Cluster Name': this.clusterName, 'Consumer Group': group, Topic: TOPIC },
      period: Duration.minutes(1),
      statistic: Stats.MAXIMUM,
      ...options,
    });
  }

  /** Events published, a second. @default - on average in 5 minutes */
  metricMessagesIn(options?: MetricOptions): IMetric {
    return new Metric({
      namespace: 'AWS/Kafka',
      metricName: 'MessagesInPerSec',
      dimensionsMap: { 'Cluster Name': this.clusterName, Topic: TOPIC },
      statistic: Stats.AVERAGE,
      ...options,
    });
  }

  /** The brokers' addresses, which MSK tells by its API alone. */
  private readBrokers(kept: FunctionOptions): string {
    const reader = new ServiceFunction(this, 'ReadBrokers', {
      handler: 'workers/kafka-brokers',
      description: 'Tells CloudFormation the brokers of the Kafka cluster',
      timeout: Duration.seconds(30),
      ...kept,
    });
    this.allow(reader, ['kafka:GetBootstrapBrokers'], this.clusterArn);
    const { resource } = new BrokerSetup(this, 'Brokers', {
      function: reader,
      type: 'KafkaBrokers',
      properties: { ClusterArn: this.clusterArn },
    });
    return resource.getAttString('Brokers');
  }

  private createTopic(partitions: number, way: readonly IDependable[], kept: FunctionOptions): void {
    const creator = new ServiceFunction(this, 'CreateTopic', {
      handler: 'workers/kafka-topic',
      description: 'Makes the topic that events are published to',
      timeout: Duration.seconds(60),
      ...this.clientOptions,
      ...kept,
    });
    this.tell(creator);
    this.allow(creator, ['kafka-cluster:Connect'], this.clusterArn);
    this.allow(
      creator,
      ['kafka-cluster:AlterTopicDynamicConfiguration', 'kafka-cluster:CreateTopic', 'kafka-cluster:DescribeTopic'],
      this.topicArn,
    );
    new BrokerSetup(this, 'Topic', {
      function: creator,
      type: 'KafkaTopic',
      // With the cluster, another one of which has no topic yet.
      properties: {
        ClusterArn: this.clusterArn,
        Partitions: partitions,
        RetentionMs: this.retention.toMilliseconds(),
      },
      after: way,
    });
  }

  private tell(target: ServiceFunction): void {
    const spec: KafkaTopicSpec = { brokers: this.brokers, topic: TOPIC };
    target.addEnvironment(Env.EVENT_TOPIC, Stack.of(target).toJsonString(spec));
  }

  private allow(target: ServiceFunction, actions: string[], resource: string): void {
    target.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [resource] }));
  }

  /** arn:aws:kafka:<region>:<account>:cluster/<name>/<uuid> has those of its topics and groups in it. */
  private arnOf(resource: 'topic' | 'group', name: string): string {
    const [, path] = [0, 1].map((index) => Fn.select(index, Fn.split(':cluster/', this.clusterArn)));
    return Stack.of(this).formatArn({
      service: 'kafka',
      resource,
      resourceName: `${path}/${name}`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }
}
