import { ArnFormat, Stack } from 'aws-cdk-lib';
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  Peer,
  Port,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import type { Network } from '../data/network.ts';

/** Who gets through to brokers in the VPC. */
export interface BrokerSecurityGroups {
  /** Of the brokers, and of Lambda's pollers, which carry what the brokers do. */
  readonly brokers: SecurityGroup;
  /** Of functions that speak to the brokers. */
  readonly clients: SecurityGroup;
}

/** Lets clients and pollers through to the brokers' port, and nobody else. */
export function createBrokerSecurityGroups(
  scope: Construct,
  { vpc }: Network,
  what: { readonly name: string; readonly port: number },
): BrokerSecurityGroups {
  const port = Port.tcp(what.port);
  const clients = new SecurityGroup(scope, 'ClientSecurityGroup', {
    vpc,
    description: `Functions that speak to ${what.name}`,
    allowAllOutbound: false,
  });
  const brokers = new SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: `${what.name}, and the pollers that Lambda puts beside it`,
    allowAllOutbound: false,
  });
  clients.addEgressRule(brokers, port, what.name);
  brokers.addIngressRule(clients, port, 'functions that publish');
  brokers.addIngressRule(brokers, port, 'pollers of Lambda');
  brokers.addEgressRule(brokers, port, 'pollers of Lambda');
  brokers.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'pollers of Lambda, to endpoints in the VPC');
  return { brokers, clients };
}

/** S3 from within the VPC: where a custom resource leaves its answer, and uploads are. It costs nothing. */
export function addS3Endpoint({ vpc }: Network): IConstruct {
  // A route table has room for one of them.
  return vpc.node.tryFindChild('S3') ?? vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
}

/**
 * What Lambda's pollers need of the VPC where they are not provisioned: endpoints of Lambda and of Secrets Manager (Lambda
 * developer guide, "Using Lambda with Amazon MQ"), paid for by the hour and Availability Zone.
 */
export function addPollerEndpoints(scope: Construct, network: Network, pollers: SecurityGroup): void {
  const services = {
    SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    Lambda: InterfaceVpcEndpointAwsService.LAMBDA,
  };
  for (const [name, service] of Object.entries(services)) {
    const present = network.vpc.node.tryFindChild(name);
    const endpoint =
      present instanceof InterfaceVpcEndpoint
        ? present
        : new InterfaceVpcEndpoint(scope, name, { vpc: network.vpc, service, subnets: network.subnets, open: false });
    endpoint.connections.allowDefaultPortFrom(pollers, 'pollers of Lambda');
    // Its name now leads to the endpoint for everybody in the VPC.
    if (endpoint !== present) {
      endpoint.connections.allowDefaultPortFrom(network.functionSecurityGroup, 'functions in the VPC');
    }
  }
}

/** What Lambda does, with the function's role, to put pollers beside brokers in a VPC. */
const POLLER_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
];

/** Let Lambda put pollers into the VPC with a function's role, and deny the same to the function's own code. */
export function pollerStatements(scope: Construct): readonly PolicyStatement[] {
  const anyFunction = Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const what = { actions: POLLER_ACTIONS, resources: ['*'] };
  return [
    new PolicyStatement(what),
    new PolicyStatement({
      ...what,
      effect: Effect.DENY,
      conditions: { ArnLike: { 'lambda:SourceFunctionArn': anyFunction } },
    }),
  ];
}
