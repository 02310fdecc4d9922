import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { TwinError } from '../../twin-error.ts';
import type { LaneSettings } from './batch-lane.ts';

/** An `AWS::Lambda::EventSourceMapping` on a Kinesis stream. */
export interface StreamMappingSpec {
  readonly logicalId: string;
  readonly streamArn: string;
  readonly functionName: string;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly parallelizationFactor: number;
  readonly reportsItemFailures: boolean;
  /** ARN of the queue that hears of what was given up. */
  readonly onFailureArn: string | undefined;
  readonly lane: LaneSettings;
}

interface MappingProperties {
  readonly EventSourceArn?: string;
  readonly FunctionName?: string;
  readonly Enabled?: boolean;
  readonly StartingPosition?: string;
  readonly BatchSize?: number | string;
  readonly MaximumBatchingWindowInSeconds?: number | string;
  readonly ParallelizationFactor?: number | string;
  readonly BisectBatchOnFunctionError?: boolean;
  readonly MaximumRetryAttempts?: number | string;
  readonly MaximumRecordAgeInSeconds?: number | string;
  readonly FunctionResponseTypes?: readonly string[];
  readonly DestinationConfig?: { readonly OnFailure?: { readonly Destination?: string } };
  readonly FilterCriteria?: unknown;
}

/**
 * Reads an event source mapping; `undefined` where it is switched off.
 *
 * @throws TwinError where the source or a property of the mapping is one that the twin does not know.
 */
export function streamMappingSpec(resource: ResolvedResource): StreamMappingSpec | undefined {
  const properties = resource.properties as MappingProperties;
  const refuse = (what: string): never => {
    throw new TwinError(
      'unknown-event-source',
      `event source mapping '${resource.logicalId}' of stack '${resource.stackName}': ${what}`,
    );
  };
  const { EventSourceArn: streamArn = '', FunctionName: functionName = '' } = properties;
  if (!/^arn:[^:]+:kinesis:/.test(streamArn))
    refuse(`the twin reads Kinesis streams only, got ${streamArn || 'no ARN'}`);
  if (properties.FilterCriteria !== undefined) refuse('the twin does not know FilterCriteria');
  if (properties.Enabled === false) return undefined;
  const { StartingPosition: startingPosition = 'LATEST' } = properties;
  if (startingPosition !== 'TRIM_HORIZON' && startingPosition !== 'LATEST') {
    return refuse(`the twin starts at TRIM_HORIZON or LATEST, got ${startingPosition}`);
  }
  return {
    logicalId: resource.logicalId,
    streamArn,
    functionName,
    startingPosition,
    parallelizationFactor: Number(properties.ParallelizationFactor ?? 1),
    reportsItemFailures: properties.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
    onFailureArn: properties.DestinationConfig?.OnFailure?.Destination,
    lane: {
      batchSize: Number(properties.BatchSize ?? 100),
      batchingWindowMs: Number(properties.MaximumBatchingWindowInSeconds ?? 0) * 1_000,
      bisectOnError: properties.BisectBatchOnFunctionError ?? false,
      maxRetryAttempts: bounded(properties.MaximumRetryAttempts),
      maxRecordAgeMs: bounded(properties.MaximumRecordAgeInSeconds) * 1_000,
    },
  };
}

/** -1, AWS's default, is no limit. */
function bounded(value: number | string | undefined): number {
  return value === undefined || Number(value) === -1 ? Number.POSITIVE_INFINITY : Number(value);
}
