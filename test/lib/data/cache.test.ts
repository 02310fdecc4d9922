import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { Cache, type CacheUsageLimits } from '../../../lib/data/cache.ts';
import { Network } from '../../../lib/data/network.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const usageLimits = { maxDataGigabytes: 1, maxEcpuPerSecond: 5_000 };

function createCache(stack: Stack, limits: CacheUsageLimits = usageLimits): Cache {
  return new Cache(stack, 'Cache', { network: new Network(stack, 'Network'), usageLimits: limits });
}

describe('Cache', () => {
  it('is serverless Valkey in all subnets of the network, bounded in size and speed', () => {
    const stack = flaggedStack();
    const { network } = createCache(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::ElastiCache::ServerlessCache', {
      Engine: 'valkey',
      SubnetIds: network.vpc.isolatedSubnets.map(({ subnetId }) => stack.resolve(subnetId)),
      CacheUsageLimits: { DataStorage: { Unit: 'GB', Maximum: 1 }, ECPUPerSecond: { Maximum: 5_000 } },
    });
  });

  it('knows one user, by IAM, with equal id and name and without administrative commands', () => {
    const stack = flaggedStack();
    createCache(stack);
    const template = Template.fromStack(stack);
    const [user] = Object.values(template.findResources('AWS::ElastiCache::User'));
    expect(user?.Properties).toMatchObject({
      AuthenticationMode: { Type: 'iam' },
      AccessString: 'on ~* +@all -@admin -@dangerous +info',
      UserName: user?.Properties.UserId,
    });
    template.hasResourceProperties('AWS::ElastiCache::UserGroup', {
      UserIds: [{ Ref: Match.stringLikeRegexp('User') }],
    });
    template.hasResourceProperties('AWS::ElastiCache::ServerlessCache', { UserGroupId: { Ref: Match.anyValue() } });
  });

  it('lets in only functions that carry its client group', () => {
    const stack = flaggedStack();
    const { clientSecurityGroup } = createCache(stack);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: 6379,
      ToPort: 6380,
      SourceSecurityGroupId: stack.resolve(clientSecurityGroup.securityGroupId),
    });
  });

  it('grants to connect as its user and to nothing else', () => {
    const stack = flaggedStack();
    const cache = createCache(stack);
    cache.grantConnect(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'elasticache:Connect',
            Resource: [
              { 'Fn::GetAtt': [Match.stringLikeRegexp('^Cache'), 'ARN'] },
              { 'Fn::GetAtt': [Match.stringLikeRegexp('^CacheUser'), 'Arn'] },
            ],
          },
        ],
      },
      Roles: [{ Ref: Match.stringLikeRegexp('^Role') }],
    });
  });

  it('has names of its own in each stage, of at most 40 letters, digits and single hyphens', () => {
    const names = ['SpillwayDevData', 'SpillwayProdData', `Spillway${'VeryLong'.repeat(12)}Data`].flatMap((id) => {
      const stack = flaggedStack(id);
      createCache(stack);
      const resources = Object.values(
        Template.fromStack(stack).toJSON().Resources as Record<string, { Properties: Record<string, string> }>,
      );
      return resources.flatMap(({ Properties: { ServerlessCacheName, UserId, UserGroupId, Engine } }) =>
        Engine === 'valkey' ? [ServerlessCacheName ?? UserId ?? UserGroupId] : [],
      );
    });
    expect(names).toHaveLength(9);
    expect(new Set(names).size).toBe(9);
    for (const name of names) expect(name).toMatch(/^(?=.{1,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  });

  it.each([0, 5_001, 1.5, Number.NaN])('fails on %d GB', (maxDataGigabytes) => {
    expect(() => createCache(flaggedStack(), { ...usageLimits, maxDataGigabytes })).toThrow(
      `cache: usageLimits.maxDataGigabytes must be a whole number between 1 and 5000, got ${maxDataGigabytes} [Stack/Cache]`,
    );
  });

  it.each([0, 999, 15_000_001, Number.POSITIVE_INFINITY])('fails on %d ECPU', (maxEcpuPerSecond) => {
    expect(() => createCache(flaggedStack(), { ...usageLimits, maxEcpuPerSecond })).toThrow(
      `cache: usageLimits.maxEcpuPerSecond must be a whole number between 1000 and 15000000, got ${maxEcpuPerSecond} [Stack/Cache]`,
    );
  });
});
