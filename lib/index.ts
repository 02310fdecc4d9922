/** The public API of the constructs. */

export type { StoreFailurePolicy } from '../lambdas/contract/admission-spec.ts';
export { AdmissionController, type AdmissionControllerProps } from './admission/admission-controller.ts';
export {
  type AccountOptions,
  type BacklogOptions,
  type FunctionSignalOptions,
  LoadSignal,
} from './admission/load-signal.ts';
export { AdaptiveLimit, type AdaptiveLimitProps } from './api/adaptive-limit.ts';
export type { AdmissionOptions } from './api/admission-options.ts';
export { Dependency, type DependencyProps } from './api/dependency.ts';
export { GatewayResponses } from './api/gateway-responses.ts';
export { Idempotency, type IdempotencyProps, useIdempotency } from './api/idempotency.ts';
export { type FunctionOptions, type GuardedApi, JwtAuthorizer, type JwtAuthorizerProps } from './api/jwt-authorizer.ts';
export { LimitBy } from './api/limit-by.ts';
export type { WindowNumbers } from './api/limit-numbers.ts';
export type { OpenApiDocument } from './api/openapi.ts';
export { ParkingLot, type ParkingLotProps } from './api/parking-lot.ts';
export { Priority } from './api/priority.ts';
export type { QueueGroup } from './api/queue-template.ts';
export type { QueueMethod, QueueRouteProps } from './api/queued-work.ts';
export { type LimitOptions, RateLimit, type RateLimitProps, type WindowLimitProps } from './api/rate-limit.ts';
export { RequestCost } from './api/request-cost.ts';
export type { RestApiOptions } from './api/rest-api.ts';
export { Route, type RouteProps, type RouteResponses } from './api/route.ts';
export type { RouteAdmissionProps } from './api/route-admission.ts';
export type { ServiceAdmissionOptions } from './api/service-admission.ts';
export { ACCOUNT_LIMITS_DEFAULT, type Throttle } from './api/throttle.ts';
export { type ServiceProps, ThrottledApi, type ThrottledApiProps } from './api/throttled-api.ts';
export { type OutsideIssuerProps, type OwnIssuerProps, TokenIssuer } from './api/token-issuer.ts';
export type { TokenLifetimes } from './api/token-lifetimes.ts';
export {
  type Quota,
  type QuotaPeriod,
  type TierKeysOf,
  type TierPlan,
  UsageTier,
  type UsageTierProps,
  type UserLimit,
} from './api/usage-tier.ts';
export { WhenBehind } from './api/when-behind.ts';
export { Park, Shed, type WhenOverloaded } from './api/when-overloaded.ts';
export type { WorkTarget } from './api/work-target.ts';
export type { HandlerRef } from './compute/handler-code.ts';
export {
  type ProvisionedConcurrency,
  type SecretUse,
  ServiceFunction,
  type ServiceFunctionProps,
  type StreamUse,
  type TableUse,
} from './compute/service-function.ts';
export { Cache, type CacheProps, type CacheUsageLimits } from './data/cache.ts';
export { MediaBucket, type MediaBucketProps } from './data/media-bucket.ts';
export { Network, NetworkEgress, type NetworkProps } from './data/network.ts';
export { RotatedSecret, type RotatedSecretProps } from './data/rotated-secret.ts';
export { Tables, type TablesProps } from './data/tables.ts';
export { EventArchive, type EventArchiveProps } from './messaging/event-archive.ts';
export { EventBackbone } from './messaging/event-backbone.ts';
export { EventStream, type EventStreamProps } from './messaging/event-stream.ts';
export { FailedRecords } from './messaging/failed-records.ts';
export { FailedRecordsBucket, type FailedRecordsBucketProps } from './messaging/failed-records-bucket.ts';
export { OutboxRelay, type OutboxRelayProps } from './messaging/outbox-relay.ts';
export { QueueWorker, type QueueWorkerProps } from './messaging/queue-worker.ts';
export { type OnDemandCapacity, type ProvisionedCapacity, StreamCapacity } from './messaging/stream-capacity.ts';
export type { StreamSource } from './messaging/stream-source.ts';
export { StreamWorker, type StreamWorkerProps } from './messaging/stream-worker.ts';
export type { ProvisionedPollers } from './messaging/validate-queue-worker.ts';
export { WorkBackbone } from './messaging/work-backbone.ts';
export { WorkOrder } from './messaging/work-order.ts';
export { WorkQueue, type WorkQueueProps } from './messaging/work-queue.ts';
export { AlarmTopic, type AlarmTopicProps } from './monitoring/alarm-topic.ts';
export { ApiAlarms, type ApiAlarmsProps } from './monitoring/api-alarms.ts';
export { EventArchiveAlarms, type EventArchiveAlarmsProps } from './monitoring/event-archive-alarms.ts';
export { FailedRecordsAlarms, type FailedRecordsAlarmsProps } from './monitoring/failed-records-alarms.ts';
export { FunctionAlarms, type FunctionAlarmsProps } from './monitoring/function-alarms.ts';
export { ParkingLotAlarms, type ParkingLotAlarmsProps } from './monitoring/parking-lot-alarms.ts';
export { RelayAlarms, type RelayAlarmsProps } from './monitoring/relay-alarms.ts';
export { StreamWorkerAlarms, type StreamWorkerAlarmsProps } from './monitoring/stream-worker-alarms.ts';
export { WorkQueueAlarms, type WorkQueueAlarmsProps } from './monitoring/work-queue-alarms.ts';
export { SpillwayError } from './spillway-error.ts';
export { DataStack, type DataStackProps } from './stacks/data-stack.ts';
export { ServiceStack, type ServiceStackProps } from './stacks/service-stack.ts';
export type { FunctionScaling, RouteKey, ScaledFunction, StageProps } from './stacks/stage-props.ts';
