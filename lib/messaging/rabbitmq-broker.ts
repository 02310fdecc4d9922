import { Duration, Fn, Names, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { CfnBroker } from 'aws-cdk-lib/aws-amazonmq';
import { type IMetric, Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IDependable } from 'constructs';
import type { RabbitBrokerSpec } from '../../lambdas/contract/broker-spec.ts';
import { Env } from '../../lambdas/contract/environment.ts';
import type { WorkName } from '../../lambdas/contract/work.ts';
import type { ServiceFunction } from '../compute/service-function.ts';
import type { Network } from '../data/network.ts';
import { validateKind } from '../validate-kind.ts';
import { addPollerEndpoints, addS3Endpoint, createBrokerSecurityGroups } from './broker-network.ts';

const PORT = 5_671;
const USER = 'spillway';
/** The series that Amazon MQ makes new brokers of with quorum queues by default; it wants instances of this family. */
const ENGINE_VERSION = '4.2';
const INSTANCE_FAMILY = 'mq.m7g.';
/** When most of Europe and America is asleep, and somebody in either is at work a few hours later. */
const MAINTENANCE = { dayOfWeek: 'SUNDAY', timeOfDay: '03:00', timeZone: 'UTC' };

export interface RabbitBrokerOptions {
  /**
   * Whether there are three brokers in different Availability Zones, which work goes on without one of; else one, which is
   * away for minutes when it is looked after. @default true
   */
  readonly cluster?: boolean;
  /** Size of a broker: an instance type of the family `mq.m7g`. @default 'mq.m7g.large' for a cluster, else 'mq.m7g.medium' */
  readonly instanceType?: string;
}

export interface RabbitBrokerProps extends RabbitBrokerOptions {
  /** The VPC that the broker is in, with whoever publishes and works. */
  readonly network: Network;
  /** How long the log of the function that sets it up is kept. */
  readonly logRetention: RetentionDays;
  /** What becomes of broker and password when the stack goes. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * A RabbitMQ broker of Amazon MQ: encrypted, in the VPC alone, with a password that nobody has seen. Amazon MQ takes users of
 * RabbitMQ only when it makes a broker.
 */
export class RabbitBroker extends Construct {
  readonly network: Network;
  readonly brokerArn: string;
  readonly brokerName: string;
  /** JSON `{username, password}`. */
  readonly secret: Secret;
  readonly kept: { readonly logRetention: RetentionDays; readonly removalPolicy: RemovalPolicy };
  /** What has to be there before a function gets through to it. */
  readonly way: readonly IDependable[];
  private readonly clients: SecurityGroup;
  private readonly url: string;

  constructor(scope: Construct, id: string, props: RabbitBrokerProps) {
    super(scope, id);
    const { network, cluster = true, logRetention, removalPolicy } = props;
    const { instanceType = cluster ? 'mq.m7g.large' : 'mq.m7g.medium' } = props;
    validateKind('rabbitmq broker: instanceType', instanceType, {
      is: (type) => typeof type === 'string' && type.startsWith(INSTANCE_FAMILY),
      expected: `an instance type of the family ${INSTANCE_FAMILY.slice(0, -1)}`,
      hint: `Amazon MQ runs RabbitMQ ${ENGINE_VERSION} on no other`,
      code: 'invalid-instance-type',
      scope: this,
    });
    this.network = network;
    this.kept = { logRetention, removalPolicy };
    const groups = createBrokerSecurityGroups(this, network, { name: 'the RabbitMQ broker', port: PORT });
    this.clients = groups.clients;
    this.secret = this.createSecret(removalPolicy);
    this.brokerName = Names.uniqueResourceName(this, { maxLength: 50, separator: '-' });
    const { subnetIds } = network.vpc.selectSubnets(network.subnets);
    const broker = new CfnBroker(this, 'Resource', {
      brokerName: this.brokerName,
      engineType: 'RABBITMQ',
      engineVersion: ENGINE_VERSION,
      hostInstanceType: instanceType,
      deploymentMode: cluster ? 'CLUSTER_MULTI_AZ' : 'SINGLE_INSTANCE',
      publiclyAccessible: false,
      // One broker is in one subnet.
      subnetIds: cluster ? subnetIds : subnetIds.slice(0, 1),
      securityGroups: [groups.brokers.securityGroupId],
      encryptionOptions: { useAwsOwnedKey: true },
      autoMinorVersionUpgrade: true,
      maintenanceWindowStartTime: MAINTENANCE,
      logs: { general: true },
      users: [{ username: USER, password: this.secret.secretValueFromJson('password').unsafeUnwrap() }],
    });
    broker.applyRemovalPolicy(removalPolicy);
    this.brokerArn = broker.attrArn;
    this.url = Fn.select(0, broker.attrAmqpEndpoints);
    this.way = [groups.clients, groups.brokers, addS3Endpoint(network)];
    addPollerEndpoints(this, network, groups.brokers);
  }

  /** Where a function has to run to reach the broker. */
  get clientOptions(): { readonly network: Network; readonly securityGroups: readonly SecurityGroup[] } {
    return { network: this.network, securityGroups: [this.clients] };
  }

  /** Lets a function speak to the broker about these queues; it has to be made with what `clientOptions` says. */
  useClient(client: ServiceFunction, queues: readonly WorkName[]): void {
    const spec: RabbitBrokerSpec = { url: this.url, secretId: this.secret.secretArn, queues: [...queues] };
    client.addEnvironment(Env.WORK_BROKER, Stack.of(client).toJsonString(spec));
    this.secret.grantRead(client);
  }

  /** A metric of one queue. @default - of each minute */
  metricOfQueue(metricName: string, queue: string, options?: MetricOptions): IMetric {
    return new Metric({
      namespace: 'AWS/AmazonMQ',
      metricName,
      dimensionsMap: { Broker: this.brokerName, VirtualHost: '/', Queue: queue },
      period: Duration.minutes(1),
      ...options,
    });
  }

  private createSecret(removalPolicy: RemovalPolicy): Secret {
    const secret = new Secret(this, 'User', {
      description: 'The user of the RabbitMQ broker',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: USER }),
        generateStringKey: 'password',
        passwordLength: 48,
        excludePunctuation: true,
      },
      removalPolicy,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Amazon MQ takes a RabbitMQ user only when it makes the broker, and changes none: rotating it would lock everybody ' +
        'out. The broker can be reached from within the VPC alone, by the functions that carry its security group.',
    });
    return secret;
  }
}
