import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { Network, NetworkEgress, type NetworkProps } from '../../../lib/data/network.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

function templateOf(props?: NetworkProps): Template {
  const stack = flaggedStack();
  new Network(stack, 'Network', props);
  return Template.fromStack(stack);
}

describe('Network', () => {
  it('has private subnets in the first two zones of whatever Region it is deployed to', () => {
    const template = templateOf();
    template.resourceCountIs('AWS::EC2::Subnet', 2);
    for (const index of [0, 1]) {
      template.hasResourceProperties('AWS::EC2::Subnet', {
        AvailabilityZone: { 'Fn::Select': [index, { 'Fn::GetAZs': '' }] },
        MapPublicIpOnLaunch: false,
      });
    }
    template.resourceCountIs('AWS::EC2::InternetGateway', 0);
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
  });

  it('takes the zones that it is given', () => {
    const template = templateOf({ availabilityZones: ['us-east-1b', 'us-east-1d', 'us-east-1f'] });
    template.resourceCountIs('AWS::EC2::Subnet', 3);
    template.hasResourceProperties('AWS::EC2::Subnet', { AvailabilityZone: 'us-east-1f' });
  });

  it('leads out over IPv6 alone by default, through one gateway that nothing comes in by', () => {
    const template = templateOf();
    template.resourceCountIs('AWS::EC2::EgressOnlyInternetGateway', 1);
    template.resourcePropertiesCountIs(
      'AWS::EC2::Route',
      { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: Match.anyValue() },
      2,
    );
    template.resourceCountIs('AWS::EC2::Route', 2);
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 1);
  });

  it('leads nowhere with interface endpoints, which only its functions may call', () => {
    const template = templateOf({ egress: NetworkEgress.interfaceEndpoints() });
    template.resourceCountIs('AWS::EC2::EgressOnlyInternetGateway', 0);
    template.resourceCountIs('AWS::EC2::Route', 0);
    template.resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface' }, 4);
    template.resourcePropertiesCountIs(
      'AWS::EC2::SecurityGroupIngress',
      { FromPort: 443, ToPort: 443, SourceSecurityGroupId: Match.anyValue(), CidrIp: Match.absent() },
      4,
    );
    template.allResourcesProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
  });

  it('records what was refused', () => {
    templateOf().hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'REJECT', ResourceType: 'VPC' });
  });

  it('brings no custom resource, which a stack would need one more function for', () => {
    const types = Object.values(templateOf().toJSON().Resources as Record<string, { Type: string }>).map(
      ({ Type }) => Type,
    );
    expect(types.filter((type) => type.startsWith('Custom::') || type.startsWith('AWS::Lambda::'))).toEqual([]);
  });

  it('fails on one zone twice', () => {
    expect(() => templateOf({ availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1a'] })).toThrow(
      "network: availabilityZones must differ, got 'us-east-1a' twice; the cache wants each subnet in a zone of its own [Stack/Network]",
    );
  });

  it.each([[], ['us-east-1a']].map((zones) => [zones.length, zones] as const))('fails on %d zones', (count, zones) => {
    expect(() => templateOf({ availabilityZones: zones })).toThrow(
      `network: availabilityZones must name at least 2, got ${count}; leave it out to use the Region's first two [Stack/Network]`,
    );
  });
});
