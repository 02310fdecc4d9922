import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { UsageTier } from '../lib/api/usage-tier.ts';
import { NetworkEgress } from '../lib/data/network.ts';
import { SpillwayError } from '../lib/spillway-error.ts';
import type { StageProps } from '../lib/stacks/stage-props.ts';

/** Every number that a user tunes, per stage. `npx cdk synth -c stage=prod` selects one; `dev` is the default. */
export const STAGES = {
  dev: {
    tiers: [
      UsageTier.free({
        perUser: { ratePerSecond: 100, burst: 200, dailyQuota: 100_000 },
        plan: { throttle: { ratePerSecond: 500, burst: 1_000 }, quota: { requests: 10_000_000, per: 'MONTH' } },
      }),
      UsageTier.pro({
        perUser: { ratePerSecond: 500, burst: 1_000 },
        plan: { throttle: { ratePerSecond: 1_000, burst: 2_000 } },
      }),
      UsageTier.of({
        name: 'business',
        // Each tenant has an API key of its own, so that the plan is what one tenant may do, and not all together.
        keys: 'tenant',
        perUser: { ratePerSecond: 500, burst: 1_000 },
        plan: { throttle: { ratePerSecond: 500, burst: 1_000 } },
      }),
      UsageTier.closed('suspended'),
    ],
    throttle: { ratePerSecond: 1_000, burst: 2_000 },
    routeThrottles: {
      // Hashing a password takes a good part of a second of CPU: what these routes admit is what attackers can make us pay.
      'POST /signup': { ratePerSecond: 20, burst: 40 },
      'POST /login': { ratePerSecond: 50, burst: 100 },
      'POST /api/feed': { ratePerSecond: 500, burst: 1_000 },
    },
    scaling: {},
    onStoreFailure: 'local',
    // A laptop does a thousand other things.
    storeTimeout: Duration.millis(500),
    drill: true,
    cacheUsageLimits: { maxDataGigabytes: 1, maxEcpuPerSecond: 15_000 },
    network: { egress: NetworkEgress.dualStack() },
    tokens: {
      accessTokenLifetime: Duration.minutes(15),
      refreshTokenLifetime: Duration.days(30),
      rotateSigningKeyEvery: Duration.days(30),
    },
    backlogMaxAge: { video: Duration.minutes(5), activity: Duration.minutes(5) },
    retention: { logs: RetentionDays.ONE_WEEK, events: Duration.days(1), archive: Duration.days(7) },
    removalPolicy: RemovalPolicy.DESTROY,
    deletionProtection: false,
  },

  prod: {
    tiers: [
      UsageTier.free({
        perUser: { ratePerSecond: 100, burst: 200, dailyQuota: 1_000 },
        plan: { throttle: { ratePerSecond: 2_000, burst: 2_000 }, quota: { requests: 100_000_000, per: 'MONTH' } },
      }),
      UsageTier.pro({
        perUser: { ratePerSecond: 500, burst: 1_000 },
        plan: { throttle: { ratePerSecond: 4_000, burst: 2_500 } },
      }),
      UsageTier.of({
        name: 'business',
        // Each tenant has an API key of its own, so that the plan is what one tenant may do, and not all together.
        keys: 'tenant',
        perUser: { ratePerSecond: 500, burst: 1_000 },
        plan: { throttle: { ratePerSecond: 1_000, burst: 2_000 } },
      }),
      UsageTier.closed('suspended'),
    ],
    // Below the account's 10,000 and 5,000, which other APIs in the Region share.
    throttle: { ratePerSecond: 5_000, burst: 2_500 },
    routeThrottles: {
      'POST /signup': { ratePerSecond: 50, burst: 100 },
      'POST /login': { ratePerSecond: 200, burst: 400 },
      'POST /api/feed': { ratePerSecond: 500, burst: 1_000 },
    },
    // Reserved concurrency is taken out of the account's pool, 1,000 by default, of which 150 are left to the functions that
    // are not named: the other services. Lambda wants one for every 10 requests per second, however short they are.
    scaling: {
      authorizer: {
        reservedConcurrency: 200,
        provisionedConcurrency: { min: 2, max: 10, utilization: 0.75 },
      },
      identity: { reservedConcurrency: 100 },
      feed: {
        reservedConcurrency: 300,
        provisionedConcurrency: { min: 2, max: 10, utilization: 0.75 },
      },
      notifications: { reservedConcurrency: 100 },
      // All workers are named: a backlog, however long, takes none of what the services share. Those of streams use one for
      // each shard; a backlog of videos is done at 10 a second.
      notificationsWorker: { reservedConcurrency: 50 },
      analyticsWorker: { reservedConcurrency: 30 },
      outboxRelay: { reservedConcurrency: 30 },
      videoWorker: { reservedConcurrency: 30 },
      activityWorker: { reservedConcurrency: 10 },
    },
    onStoreFailure: 'local',
    // One slot of the cache carries 30,000 ECPUs per second; a request costs some ten of them.
    admissionShards: 4,
    cacheUsageLimits: { maxDataGigabytes: 10, maxEcpuPerSecond: 100_000 },
    network: { egress: NetworkEgress.dualStack() },
    tokens: {
      accessTokenLifetime: Duration.minutes(15),
      refreshTokenLifetime: Duration.days(30),
      rotateSigningKeyEvery: Duration.days(30),
    },
    backlogMaxAge: { video: Duration.minutes(15), activity: Duration.minutes(15) },
    retention: { logs: RetentionDays.THREE_MONTHS, events: Duration.days(7), archive: Duration.days(400) },
    removalPolicy: RemovalPolicy.RETAIN,
    deletionProtection: true,
  },
} as const satisfies Readonly<Record<string, StageProps>>;

export type StageName = keyof typeof STAGES;
export const DEFAULT_STAGE: StageName = 'dev';

/**
 * The stage of a name, as it comes from `-c stage=…`.
 * @throws SpillwayError that lists the stages there are
 */
export function selectStage(name: unknown = DEFAULT_STAGE): {
  readonly stageName: StageName;
  readonly stage: StageProps;
} {
  if (typeof name === 'string' && isStageName(name)) return { stageName: name, stage: STAGES[name] };
  throw new SpillwayError(
    'unknown-stage',
    `unknown stage '${String(name)}'; stages are ${Object.keys(STAGES).join(', ')}; add one in bin/stages.ts`,
  );
}

function isStageName(name: string): name is StageName {
  return Object.hasOwn(STAGES, name);
}
