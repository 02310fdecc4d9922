import { Fn, Names, Stack } from 'aws-cdk-lib';
import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnServerlessCache, CfnUser, CfnUserGroup } from 'aws-cdk-lib/aws-elasticache';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { SpillwayError } from '../spillway-error.ts';
import { validateWholeNumber } from '../validate.ts';
import type { Network } from './network.ts';

/** ElastiCache Serverless listens on 6379 for all commands and on 6380 for reads from replicas. */
const PORTS = Port.tcpRange(6379, 6380);
const ENGINE = 'valkey';
/** Longest name of a serverless cache, and of a user. */
const NAME_MAX_LENGTH = 40;
/**
 * All data commands, scripts included; nothing that administers the server or is dangerous to others. `info` is what
 * clients read on connecting.
 */
const ACCESS = 'on ~* +@all -@admin -@dangerous +info';

/** What the cache may grow to, and with that the most that it can cost. */
export interface CacheUsageLimits {
  /** Most data kept, in whole GB: 1 to 5,000. Beyond it keys with a TTL are evicted. */
  readonly maxDataGigabytes: number;
  /** Most processing per second, in ECPUs (1 KB of a simple read or write): 1,000 to 15,000,000. */
  readonly maxEcpuPerSecond: number;
}

export interface CacheProps {
  /** The VPC that the cache and its callers sit in. */
  readonly network: Network;
  /** What it may grow to. */
  readonly usageLimits: CacheUsageLimits;
}

/**
 * ElastiCache Serverless for Valkey: encrypted in transit (always, with this service) and at rest, reached by an IAM
 * user with a token instead of a password, in the network's Availability Zones. It holds nothing that cannot be lost.
 */
export class Cache extends Construct {
  readonly network: Network;
  /** What a function must carry to get through to the cache. */
  readonly clientSecurityGroup: SecurityGroup;
  /** `rediss://host:port`. */
  readonly url: string;
  /** Name of the IAM user, which equals its id. */
  readonly userName: string;
  /** Name of the cache, which an IAM token is signed for. */
  readonly cacheName: string;
  private readonly resource: CfnServerlessCache;
  private readonly user: CfnUser;

  constructor(scope: Construct, id: string, props: CacheProps) {
    super(scope, id);
    const { maxDataGigabytes, maxEcpuPerSecond } = props.usageLimits;
    validateWholeNumber('cache: usageLimits.maxDataGigabytes', maxDataGigabytes, { min: 1, max: 5_000, scope: this });
    validateWholeNumber('cache: usageLimits.maxEcpuPerSecond', maxEcpuPerSecond, {
      min: 1_000,
      max: 15_000_000,
      scope: this,
    });
    this.network = props.network;
    const { vpc } = props.network;

    this.clientSecurityGroup = new SecurityGroup(this, 'ClientSecurityGroup', {
      vpc,
      description: 'Functions that use the cache',
      allowAllOutbound: false,
    });
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'The cache: only functions that use it get in',
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(this.clientSecurityGroup, PORTS, 'functions that use the cache');
    this.clientSecurityGroup.addEgressRule(securityGroup, PORTS, 'the cache');

    // IAM authentication demands that id and name are equal. A user group of Valkey needs no `default` user.
    const userId = this.physicalName('u');
    this.user = new CfnUser(this, 'User', {
      engine: ENGINE,
      userId,
      userName: userId,
      accessString: ACCESS,
      authenticationMode: { Type: 'iam' },
    });
    const userGroup = new CfnUserGroup(this, 'UserGroup', {
      engine: ENGINE,
      userGroupId: this.physicalName('g'),
      userIds: [this.user.ref],
    });

    const subnetIds = vpc.selectSubnets(props.network.subnets).subnetIds;
    this.resource = new CfnServerlessCache(this, 'Resource', {
      engine: ENGINE,
      majorEngineVersion: '8',
      serverlessCacheName: this.physicalName('c'),
      description: 'Rate limits and cached reads; everything in it may be lost',
      subnetIds,
      securityGroupIds: [securityGroup.securityGroupId],
      userGroupId: userGroup.ref,
      cacheUsageLimits: {
        dataStorage: { unit: 'GB', maximum: maxDataGigabytes },
        ecpuPerSecond: { maximum: maxEcpuPerSecond },
      },
    });

    this.userName = this.user.ref;
    this.cacheName = this.resource.ref;
    this.url = Fn.join('', ['rediss://', this.resource.attrEndpointAddress, ':', this.resource.attrEndpointPort]);
  }

  /** Lets somebody sign in as the cache's user; the commands it may then run are the user's. */
  grantConnect(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['elasticache:Connect'],
        resources: [this.resource.attrArn, this.user.attrArn],
      }),
    );
  }

  /**
   * CloudFormation makes up no names for these three types. The construct's path, stack name included, gives one that
   * two stages in one account do not share; the suffix tells the types apart in lists.
   */
  private physicalName(suffix: string): string {
    const name = Names.uniqueResourceName(this, { maxLength: NAME_MAX_LENGTH - suffix.length - 1, separator: '-' });
    if (!/^[a-z]/i.test(name)) {
      throw new SpillwayError(
        'invalid-name',
        `cache: a name must begin with a letter, got '${name}'; rename stack '${Stack.of(this).stackName}'`,
        this,
      );
    }
    return `${name}-${suffix}`.toLowerCase();
  }
}
