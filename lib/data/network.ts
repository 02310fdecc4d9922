import { Fn, RemovalPolicy } from 'aws-cdk-lib';
import {
  CfnEgressOnlyInternetGateway,
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpProtocol,
  Peer,
  Port,
  RouterType,
  SecurityGroup,
  Subnet,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { SpillwayError } from '../spillway-error.ts';

/** ElastiCache Serverless wants subnets in two Availability Zones at least, and one alone is no reserve. */
const MIN_AVAILABILITY_ZONES = 2;

/**
 * How functions in the VPC reach the AWS services that they call (docs/adr/0002-network.md has the monthly costs).
 */
export class NetworkEgress {
  /**
   * IPv6 through an egress-only internet gateway, which costs nothing by the hour. Functions call the services'
   * dual-stack endpoints; DynamoDB can also be reached over IPv4, through its free gateway endpoint.
   */
  static dualStack(): NetworkEgress {
    return new NetworkEgress('dual-stack');
  }

  /** No way out at all: an interface endpoint for each service, paid by the hour and by Availability Zone. */
  static interfaceEndpoints(): NetworkEgress {
    return new NetworkEgress('interface-endpoints');
  }

  readonly kind: 'dual-stack' | 'interface-endpoints';

  private constructor(kind: 'dual-stack' | 'interface-endpoints') {
    this.kind = kind;
  }
}

export interface NetworkProps {
  /** How functions reach AWS services. @default NetworkEgress.dualStack() */
  readonly egress?: NetworkEgress;
  /**
   * Names of the Availability Zones to use, at least two. Name them where ElastiCache Serverless is missing in one of
   * the Region's first two zones, before the first deployment: they cannot be changed on a deployed stack.
   * @default - the first two of the Region that the stack is deployed to, whichever that is
   */
  readonly availabilityZones?: readonly string[];
  /** How long rejected connections are kept in the flow log. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /** What becomes of the flow log when the stack goes. @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy;
}

/** The VPC that the cache and the functions that use it sit in: private subnets only, nothing reachable from outside. */
export class Network extends Construct {
  readonly vpc: Vpc;
  readonly egress: NetworkEgress;
  /** Where functions and the cache go. */
  readonly subnets: SubnetSelection = { subnetType: SubnetType.PRIVATE_ISOLATED };
  /** What every function in the VPC carries: HTTPS to AWS services, and nothing in. */
  readonly functionSecurityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    super(scope, id);
    // Tokens instead of `maxAzs`: with an account and a Region in the stack's `env` that would look the zones up.
    const availabilityZones = [...(props.availabilityZones ?? firstZones())];
    if (availabilityZones.length < MIN_AVAILABILITY_ZONES) {
      throw new SpillwayError(
        'too-few-availability-zones',
        `network: availabilityZones must name at least ${MIN_AVAILABILITY_ZONES}, got ${availabilityZones.length}; leave it out to use the Region's first two`,
        this,
      );
    }
    const twice = props.availabilityZones?.find((zone, index, all) => all.indexOf(zone) !== index);
    if (twice !== undefined) {
      throw new SpillwayError(
        'duplicate-availability-zone',
        `network: availabilityZones must differ, got '${twice}' twice; the cache wants each subnet in a zone of its own`,
        this,
      );
    }
    this.egress = props.egress ?? NetworkEgress.dualStack();
    const dualStack = this.egress.kind === 'dual-stack';

    this.vpc = new Vpc(this, 'Vpc', {
      availabilityZones,
      ipProtocol: dualStack ? IpProtocol.DUAL_STACK : IpProtocol.IPV4_ONLY,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Functions', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 20 }],
      // Would need a custom resource with a Lambda function of its own. Nothing here uses the default group: each
      // function and the cache name theirs.
      restrictDefaultSecurityGroup: false,
      gatewayEndpoints: { DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB } },
      flowLogs: {
        // What was refused is what an operator looks for; accepted traffic would cost more to keep than to carry.
        Rejected: {
          trafficType: FlowLogTrafficType.REJECT,
          destination: FlowLogDestination.toCloudWatchLogs(
            new LogGroup(this, 'FlowLog', {
              retention: props.logRetention ?? RetentionDays.ONE_MONTH,
              removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
            }),
          ),
        },
      },
    });

    this.functionSecurityGroup = new SecurityGroup(this, 'FunctionSecurityGroup', {
      vpc: this.vpc,
      description: 'Functions in the VPC: HTTPS to AWS services, nothing in',
      allowAllOutbound: false,
    });
    // Over IPv4 no route leads out of the VPC but the one to DynamoDB, whose address range differs from Region to Region.
    this.functionSecurityGroup.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'DynamoDB gateway and interface endpoints');

    if (dualStack) this.addEgressOnlyGateway();
    else this.addInterfaceEndpoints();
  }

  private addEgressOnlyGateway(): void {
    // Without the feature flag `requirePrivateSubnetsForEgressOnlyInternetGateway` the VPC brings one already.
    const present = this.vpc.node.tryFindChild('EIGW6');
    const gateway =
      present instanceof CfnEgressOnlyInternetGateway
        ? present
        : new CfnEgressOnlyInternetGateway(this, 'EgressOnlyGateway', { vpcId: this.vpc.vpcId });
    for (const subnet of this.vpc.isolatedSubnets) {
      if (!(subnet instanceof Subnet)) continue;
      subnet.addRoute('EgressOnlyRoute', {
        routerType: RouterType.EGRESS_ONLY_INTERNET_GATEWAY,
        routerId: gateway.ref,
        destinationIpv6CidrBlock: '::/0',
        enablesInternetConnectivity: true,
      });
    }
    this.functionSecurityGroup.addEgressRule(Peer.anyIpv6(), Port.HTTPS, 'dual-stack endpoints of AWS services');
  }

  private addInterfaceEndpoints(): void {
    const services = {
      SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      Sqs: InterfaceVpcEndpointAwsService.SQS,
      Ssm: InterfaceVpcEndpointAwsService.SSM,
      CloudWatch: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
    };
    for (const [name, service] of Object.entries(services)) {
      const endpoint = this.vpc.addInterfaceEndpoint(name, { service, subnets: this.subnets, open: false });
      endpoint.connections.allowDefaultPortFrom(this.functionSecurityGroup, 'functions in the VPC');
    }
  }
}

function firstZones(): string[] {
  return Array.from({ length: MIN_AVAILABILITY_ZONES }, (_, index) => Fn.select(index, Fn.getAzs()));
}
