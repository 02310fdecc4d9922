import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface FunctionRoleProps {
  readonly description: string;
  /** The only log group that the function may write to. */
  readonly logGroup: ILogGroup;
  /** Whether the function runs in a VPC. */
  readonly inVpc: boolean;
}

/** What Lambda does, with the function's role, to put an environment into a VPC. */
const NETWORK_INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * The role of a function that may write its own log and, in a VPC, have its network interfaces made; nothing else. The
 * role that CDK would make comes with AWS managed policies, which allow writing to any log group.
 */
export function createFunctionRole(scope: Construct, id: string, props: FunctionRoleProps): Role {
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: props.description,
  });
  props.logGroup.grantWrite(role);
  if (props.inVpc) grantNetworkInterfaces(role);
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'X-Ray segments and the network interfaces of a function in a VPC have no ARN to restrict these actions to; the ' +
      "latter are denied to the function's own code by a condition on lambda:SourceFunctionArn.",
  });
  return role;
}

/**
 * Lambda itself makes and removes the network interfaces. So that the code in the function cannot, calls that carry a
 * function's ARN are denied (Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC").
 */
function grantNetworkInterfaces(role: Role): void {
  // Any function, not this one: its own ARN here would make the function and its policy wait for each other.
  const anyFunction = Stack.of(role).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  role.addToPolicy(new PolicyStatement({ actions: NETWORK_INTERFACE_ACTIONS, resources: ['*'] }));
  role.addToPolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions: NETWORK_INTERFACE_ACTIONS,
      resources: ['*'],
      conditions: { ArnLike: { 'lambda:SourceFunctionArn': anyFunction } },
    }),
  );
}
