import type { MappingProperties, Refuse } from './mapping-properties.ts';
import { wholeNumber } from './mapping-properties.ts';

/** What a mapping on a queue has of its own. */
export interface QueueMappingSpec {
  readonly service: 'sqs';
  readonly queueName: string;
  readonly isFifo: boolean;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  /** `ScalingConfig.MaximumConcurrency`; `Infinity` where there is none. */
  readonly maxConcurrency: number;
  /** `ProvisionedPollerConfig`, which takes the place of scaling. */
  readonly provisioned: { readonly minPollers: number; readonly maxPollers: number } | undefined;
}

/** "For standard queues, the maximum is 10,000. For FIFO queues, the maximum is 10." */
const STANDARD_BATCH_MAX = 10_000;
const FIFO_BATCH_MAX = 10;
/** Batches that one ReceiveMessage can fill need no window. */
const BATCH_WITHOUT_WINDOW_MAX = 10;

const STREAM_ONLY = [
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'ParallelizationFactor',
  'StartingPosition',
  'StartingPositionTimestamp',
  'TumblingWindowInSeconds',
] as const;

/** Reads what is a queue mapping's own. Ranges: Lambda developer guide, "Lambda parameters for Amazon SQS". */
export function queueMappingSpec(sourceArn: string, properties: MappingProperties, refuse: Refuse): QueueMappingSpec {
  for (const name of STREAM_ONLY) {
    if (properties[name] !== undefined) refuse(`${name} is for streams, the source is a queue; remove it`);
  }
  const queueName = sourceArn.split(':')[5] ?? '';
  const isFifo = queueName.endsWith('.fifo');
  const batchMax = isFifo ? FIFO_BATCH_MAX : STANDARD_BATCH_MAX;
  const batchSize = wholeNumber('BatchSize', properties.BatchSize, { min: 1, max: batchMax, otherwise: 10 }, refuse);
  const windowSeconds = wholeNumber(
    'MaximumBatchingWindowInSeconds',
    properties.MaximumBatchingWindowInSeconds,
    { min: 0, max: 300, otherwise: 0 },
    refuse,
  );
  if (isFifo && windowSeconds > 0) refuse('Batching window is not supported for FIFO queues');
  if (batchSize > BATCH_WITHOUT_WINDOW_MAX && windowSeconds === 0) {
    refuse('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10');
  }
  const { ScalingConfig: scaling, ProvisionedPollerConfig: pollers } = properties;
  if (scaling?.MaximumConcurrency !== undefined && pollers !== undefined) {
    refuse('ScalingConfig and ProvisionedPollerConfig exclude each other; remove one');
  }
  const concurrencyRange = { min: 2, max: 1_000, otherwise: Number.POSITIVE_INFINITY };
  return {
    service: 'sqs',
    queueName,
    isFifo,
    batchSize,
    batchingWindowMs: windowSeconds * 1_000,
    maxConcurrency: wholeNumber('MaximumConcurrency', scaling?.MaximumConcurrency, concurrencyRange, refuse),
    provisioned: pollers && provisionedPollers(pollers, refuse),
  };
}

function provisionedPollers(
  config: NonNullable<MappingProperties['ProvisionedPollerConfig']>,
  refuse: Refuse,
): NonNullable<QueueMappingSpec['provisioned']> {
  const { MinimumPollers, MaximumPollers } = config;
  const minPollers = wholeNumber('MinimumPollers', MinimumPollers, { min: 2, max: 200, otherwise: 2 }, refuse);
  const most = { min: 2, max: 2_000, otherwise: Math.max(200, minPollers) };
  const maxPollers = wholeNumber('MaximumPollers', MaximumPollers, most, refuse);
  if (maxPollers < minPollers)
    refuse(`MaximumPollers must be at least MinimumPollers (${minPollers}), got ${maxPollers}`);
  return { minPollers, maxPollers };
}
