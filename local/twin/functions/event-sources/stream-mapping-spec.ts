import type { LaneSettings } from './lane.ts';
import { isTrue, type MappingProperties, type Refuse, wholeNumber } from './mapping-properties.ts';
import type { StreamService } from './stream-source.ts';

/** What a mapping on a Kinesis stream or on the stream of a DynamoDB table has of its own. */
export interface StreamMappingSpec {
  readonly service: StreamService;
  readonly startingPosition: StartingPosition;
  readonly parallelizationFactor: number;
  /** ARN of the queue, topic or bucket that hears of what was given up. */
  readonly onFailureArn: string | undefined;
  readonly lane: LaneSettings;
}

export type StartingPosition =
  | { readonly kind: 'TRIM_HORIZON' | 'LATEST' }
  | { readonly kind: 'AT_TIMESTAMP'; readonly atMs: number };

const WEEK_SECONDS = 604_800;

/** Reads what is a stream mapping's own. Ranges: Lambda API reference, CreateEventSourceMapping. */
export function streamMappingSpec(
  service: StreamService,
  properties: MappingProperties,
  refuse: Refuse,
): StreamMappingSpec {
  for (const name of ['ScalingConfig', 'ProvisionedPollerConfig'] as const) {
    if (properties[name] !== undefined) refuse(`${name} is for queues, the source is a stream; remove it`);
  }
  const number = (name: keyof MappingProperties, min: number, max: number, otherwise: number, orUnlimited = false) =>
    wholeNumber(name, properties[name], { min, max, otherwise, orUnlimited }, refuse);
  const unlimited = Number.POSITIVE_INFINITY;
  const recordAgeSeconds = number('MaximumRecordAgeInSeconds', 60, WEEK_SECONDS, unlimited, true);
  const parallelizationFactor = number('ParallelizationFactor', 1, 10, 1);
  const tumblingWindowSeconds = number('TumblingWindowInSeconds', 0, 900, 0);
  if (tumblingWindowSeconds > 0 && parallelizationFactor > 1) {
    refuse(`the twin keeps one tumbling window a shard: set ParallelizationFactor to 1, got ${parallelizationFactor}`);
  }
  return {
    service,
    startingPosition: startingPosition(service, properties, refuse),
    parallelizationFactor,
    onFailureArn: onFailureArn(properties, refuse),
    lane: {
      batchSize: number('BatchSize', 1, 10_000, 100),
      batchingWindowMs: number('MaximumBatchingWindowInSeconds', 0, 300, 0) * 1_000,
      bisectOnError: isTrue(properties.BisectBatchOnFunctionError),
      maxRetryAttempts: number('MaximumRetryAttempts', 0, 10_000, unlimited, true),
      maxRecordAgeMs: recordAgeSeconds * 1_000,
      tumblingWindowMs: tumblingWindowSeconds * 1_000,
    },
  };
}

function startingPosition(service: StreamService, properties: MappingProperties, refuse: Refuse): StartingPosition {
  const { StartingPosition: kind, StartingPositionTimestamp: timestamp } = properties;
  if (kind === 'TRIM_HORIZON' || kind === 'LATEST') return { kind };
  if (kind !== 'AT_TIMESTAMP' || service === 'dynamodb') {
    const accepted = service === 'dynamodb' ? 'TRIM_HORIZON or LATEST' : 'TRIM_HORIZON, LATEST or AT_TIMESTAMP';
    return refuse(`StartingPosition must be ${accepted}, got ${kind ?? 'none'}`);
  }
  // Unix seconds.
  const atMs = Number(timestamp) * 1_000;
  if (timestamp === undefined || !Number.isFinite(atMs)) {
    return refuse(`AT_TIMESTAMP needs a StartingPositionTimestamp in Unix seconds, got ${timestamp ?? 'none'}`);
  }
  return { kind, atMs };
}

function onFailureArn({ DestinationConfig }: MappingProperties, refuse: Refuse): string | undefined {
  const arn = DestinationConfig?.OnFailure?.Destination;
  if (arn === undefined || /^arn:[^:]+:(sqs|sns|s3):/.test(arn)) return arn;
  return refuse(
    `the twin reports failures to queues of SQS, topics of SNS and buckets of S3, got ${arn}; it has no Kafka`,
  );
}
