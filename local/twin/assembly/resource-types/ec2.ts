import { type Attribute, shortId } from '../resource-identity.ts';
import { noEffect, type ResourceType, type ResourceTypes } from './resource-type.ts';

const ec2Id =
  (prefix: string): Attribute =>
  (resource) =>
    `${prefix}-${shortId(resource, 17)}`;

const ec2 = (prefix: string, attributes: ResourceType['attributes'] = {}): ResourceType =>
  noEffect('the whole stage runs on one machine, without a network between', { ref: ec2Id(prefix), attributes });

/** Networks: ids for whoever refers to them, and nothing else. */
export const EC2_TYPES: ResourceTypes = {
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
};
