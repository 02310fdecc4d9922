/**
 * Names of the environment variables that constructs set and handlers read. Written once, so that neither side of the
 * wall between synth time and run time can misspell the other's.
 */
export const Env = {
  /** Stage name, such as `dev`. */
  STAGE: 'SPILLWAY_STAGE',
  /** JSON `RouteSpec[]`: the routes of this service. */
  ROUTES: 'SPILLWAY_ROUTES',
  /** JSON `TierLimits`: what one user of each tier may do. */
  TIER_LIMITS: 'SPILLWAY_TIER_LIMITS',
  /** JSON `TierKeys`: the API key value of each tier's usage plan, or how tenants' are made (authorizer only). */
  TIER_KEYS: 'SPILLWAY_TIER_KEYS',
  /** JSON `ScopeRoutes`: the routes each scope opens (authorizer only). */
  SCOPE_ROUTES: 'SPILLWAY_SCOPE_ROUTES',
  /** JSON `IssuerSpec[]`: whose tokens are accepted (authorizer only). */
  ISSUERS: 'SPILLWAY_ISSUERS',
  /** JSON `string[]`: the claims that limits count by (authorizer only). */
  CLAIMS: 'SPILLWAY_CLAIMS',
  /** The `iss` of the tokens that the identity service signs; its public base URL. */
  ISSUER: 'SPILLWAY_ISSUER',
  /** The `aud` of the tokens that the identity service signs. */
  AUDIENCE: 'SPILLWAY_AUDIENCE',
  /** Lifetime of an access token, in seconds. */
  ACCESS_TOKEN_SECONDS: 'SPILLWAY_ACCESS_TOKEN_SECONDS',
  /** Lifetime of a refresh token family, in seconds. */
  REFRESH_TOKEN_SECONDS: 'SPILLWAY_REFRESH_TOKEN_SECONDS',
  /** `rediss://host:port` of the cache (TLS, IAM, cluster mode), or `redis://host:port` of a plain server. */
  CACHE_URL: 'SPILLWAY_CACHE_URL',
  /** ElastiCache user id, for the IAM token; equals the user name. */
  CACHE_USER: 'SPILLWAY_CACHE_USER',
  /** ElastiCache serverless cache name, which the IAM token is signed for. */
  CACHE_NAME: 'SPILLWAY_CACHE_NAME',
  /** JSON `AdmissionSpec`: how the service admits requests. */
  ADMISSION: 'SPILLWAY_ADMISSION',
  /** Name of the Parameter Store parameter with the levers (controller only). */
  LEVERS_PARAMETER: 'SPILLWAY_LEVERS_PARAMETER',
  /** URL of the service's parking queue. */
  PARKING_QUEUE: 'SPILLWAY_PARKING_QUEUE',
  PARKED_TABLE: 'SPILLWAY_PARKED_TABLE',
  DRILL_TABLE: 'SPILLWAY_DRILL_TABLE',
  ACCOUNTS_TABLE: 'SPILLWAY_ACCOUNTS_TABLE',
  TENANTS_TABLE: 'SPILLWAY_TENANTS_TABLE',
  /** JSON `TenantPlans`: the usage plans whose keys are made for tenants (tenants service only). */
  TENANT_PLANS: 'SPILLWAY_TENANT_PLANS',
  SESSIONS_TABLE: 'SPILLWAY_SESSIONS_TABLE',
  VERIFICATION_KEYS_TABLE: 'SPILLWAY_VERIFICATION_KEYS_TABLE',
  POSTS_TABLE: 'SPILLWAY_POSTS_TABLE',
  FOLLOWS_TABLE: 'SPILLWAY_FOLLOWS_TABLE',
  NOTIFICATIONS_TABLE: 'SPILLWAY_NOTIFICATIONS_TABLE',
  /** Name of the Kinesis stream that events are published to. */
  EVENT_STREAM: 'SPILLWAY_EVENT_STREAM',
  /** JSON `KafkaTopicSpec`: the topic that events are published to, where Kafka carries them. */
  EVENT_TOPIC: 'SPILLWAY_EVENT_TOPIC',
  /** JSON `RabbitBrokerSpec`: the broker with the queues of work, where RabbitMQ carries it. */
  WORK_BROKER: 'SPILLWAY_WORK_BROKER',
  OUTBOX_TABLE: 'SPILLWAY_OUTBOX_TABLE',
  IDEMPOTENCY_TABLE: 'SPILLWAY_IDEMPOTENCY_TABLE',
  VIDEOS_TABLE: 'SPILLWAY_VIDEOS_TABLE',
  ANALYTICS_TABLE: 'SPILLWAY_ANALYTICS_TABLE',
  /** Name of the bucket with uploads and what was made of them. */
  MEDIA_BUCKET: 'SPILLWAY_MEDIA_BUCKET',
  /** JSON `Record<WorkName, URL>`: the queues that the outbox's relay sends work to. */
  WORK_QUEUES: 'SPILLWAY_WORK_QUEUES',
  /** Name of the bucket with the records that stream workers gave up (the outbox's relay only, which gives up some itself). */
  FAILED_RECORDS_BUCKET: 'SPILLWAY_FAILED_RECORDS_BUCKET',
  /** JSON `WorkerSpec`: how a queue's worker treats what fails (queue workers only). */
  WORKER: 'SPILLWAY_WORKER',
  /** ARN of the secret with the signing key pair (identity and its rotation only). */
  SIGNING_KEY_SECRET: 'SPILLWAY_SIGNING_KEY_SECRET',
  /** ARN of the secret that signs pagination cursors. */
  CURSOR_SECRET: 'SPILLWAY_CURSOR_SECRET',
  /** JSON `ControllerSpec`: what the admission controller looks after (controller only). */
  CONTROLLER: 'SPILLWAY_CONTROLLER',
  /** JSON `LimitedRoutes`: the routes with limits of all services, with their services (limits service only). */
  LIMITED_ROUTES: 'SPILLWAY_LIMITED_ROUTES',
} as const;

/** AWS allows 4 KB for all names and values together, and refuses the function at deployment beyond it. */
export const ENVIRONMENT_MAX_BYTES = 4_096;
