import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { StoreFailurePolicy } from '../../lambdas/contract/admission-spec.ts';
import type { WorkName } from '../../lambdas/contract/work.ts';
import type { Throttle } from '../api/throttle.ts';
import type { TokenLifetimes } from '../api/token-lifetimes.ts';
import type { UsageTier } from '../api/usage-tier.ts';
import type { ProvisionedConcurrency } from '../compute/service-function.ts';
import type { CacheUsageLimits } from '../data/cache.ts';
import type { NetworkEgress } from '../data/network.ts';
import type { EventBackbone } from '../messaging/event-backbone.ts';
import type { WorkBackbone } from '../messaging/work-backbone.ts';

/** Routes whose throttle a stage may set apart from that of the stage as a whole. */
export type RouteKey =
  | 'POST /signup'
  | 'POST /login'
  | 'POST /token/refresh'
  | 'GET /.well-known/jwks.json'
  | 'GET /.well-known/openid-configuration'
  | 'GET /api/feed'
  | 'POST /api/feed'
  | 'PUT /api/follows/{userId}'
  | 'DELETE /api/follows/{userId}'
  | 'GET /api/notifications'
  | 'POST /api/video/uploads'
  | 'POST /api/video'
  | 'GET /api/video/{videoId}'
  | 'DELETE /api/video/{videoId}'
  | 'POST /api/activity'
  | 'GET /api/analytics'
  | 'GET /api/limits'
  | 'GET /api/parked/{parkedId}'
  | 'POST /api/tenants'
  | 'GET /api/tenants/{tenantId}'
  | 'DELETE /api/tenants/{tenantId}'
  | 'PUT /api/tenants/{tenantId}/members';

/** Functions whose scaling a stage may set. */
export const SCALED_FUNCTIONS = [
  'authorizer',
  'identity',
  'feed',
  'notifications',
  'limits',
  'parked',
  'tenants',
  'drill',
  'video',
  'analytics',
  'notificationsWorker',
  'analyticsWorker',
  'videoWorker',
  'activityWorker',
  'outboxRelay',
] as const;
export type ScaledFunction = (typeof SCALED_FUNCTIONS)[number];

export interface FunctionScaling {
  /** Most invocations at a time, taken out of the account's pool. @default - bounded by the account alone */
  readonly reservedConcurrency?: number;
  /** Environments kept warm. @default - none */
  readonly provisionedConcurrency?: ProvisionedConcurrency;
}

/** Every number of a stage that a user tunes. */
export interface StageProps {
  /** Classes of users, and what they may do. */
  readonly tiers: readonly UsageTier[];
  /** What all callers together may do on each route, on a best-effort basis, enforced by API Gateway. */
  readonly throttle: Throttle;
  /** Routes that differ from `throttle`. */
  readonly routeThrottles: Readonly<Partial<Record<RouteKey, Throttle>>>;
  /** How functions scale. A function that is not named scales with the account. */
  readonly scaling: Readonly<Partial<Record<ScaledFunction, FunctionScaling>>>;
  /** The account's quota of concurrent executions, of which `scaling` may reserve all but 100. @default 1_000 */
  readonly accountConcurrency?: number;
  /** What the rate limits do while the cache is gone: let all through, refuse all, or count in each environment alone. */
  readonly onStoreFailure: StoreFailurePolicy;
  /** Longest wait for the cache's answer, before `onStoreFailure` decides: 1 ms to 1 s. @default Duration.millis(50) */
  readonly storeTimeout?: Duration;
  /** Shards that callers are hashed into, 1 to 64; what stays exact says `ThrottledApi`. @default 1 */
  readonly admissionShards?: number;
  /** Whether there is a service of settable work, for `npm run demo -- overload`; never in production. @default false */
  readonly drill?: boolean;
  /** How old the oldest of each kind of work may be before it is a backlog, which operators and callers are told of. */
  readonly backlogMaxAge: Readonly<Record<WorkName, Duration>>;
  /** What carries events; a change begins with an empty one. @default EventBackbone.kinesis() */
  readonly eventBackbone?: EventBackbone;
  /** What carries work that comes through the outbox; a change begins with empty queues. @default WorkBackbone.sqs() */
  readonly workBackbone?: WorkBackbone;
  /** What the cache may grow to, and with that cost. */
  readonly cacheUsageLimits: CacheUsageLimits;
  readonly network: {
    /** How functions in the VPC reach AWS services. @default NetworkEgress.dualStack() */
    readonly egress?: NetworkEgress;
    /** Names of at least two zones. @default - the Region's first two */
    readonly availabilityZones?: readonly string[];
  };
  readonly tokens: TokenLifetimes & {
    /** Time between two signing keys. */
    readonly rotateSigningKeyEvery: Duration;
  };
  readonly retention: {
    /** All logs. */
    readonly logs: RetentionDays;
    /** How long events can be read again. */
    readonly events: Duration;
    /** How long events are kept beyond that, to be replayed. */
    readonly archive: Duration;
  };
  /** What becomes of data and logs when a stack goes. */
  readonly removalPolicy: RemovalPolicy;
  /** Whether deleting a table, or the data stack, is refused until this is switched off. */
  readonly deletionProtection: boolean;
  /** Address that alarms are mailed to. @default - alarms go to a topic that nobody is subscribed to */
  readonly alarmEmail?: string;
}
