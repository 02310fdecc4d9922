import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { TwinError } from '../../twin-error.ts';

/** Properties of an `AWS::Lambda::EventSourceMapping` that the twin reads. Numbers may come as text. */
export interface MappingProperties {
  readonly EventSourceArn?: string;
  readonly FunctionName?: string;
  readonly Enabled?: boolean | string;
  readonly StartingPosition?: string;
  readonly StartingPositionTimestamp?: number | string;
  readonly BatchSize?: number | string;
  readonly MaximumBatchingWindowInSeconds?: number | string;
  readonly ParallelizationFactor?: number | string;
  readonly BisectBatchOnFunctionError?: boolean | string;
  readonly MaximumRetryAttempts?: number | string;
  readonly MaximumRecordAgeInSeconds?: number | string;
  readonly TumblingWindowInSeconds?: number | string;
  readonly FunctionResponseTypes?: readonly string[];
  readonly DestinationConfig?: { readonly OnFailure?: { readonly Destination?: string } };
  readonly FilterCriteria?: unknown;
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number | string };
  readonly ProvisionedPollerConfig?: {
    readonly MinimumPollers?: number | string;
    readonly MaximumPollers?: number | string;
  };
}

/** Ends the start of a mapping with a sentence. */
export type Refuse = (what: string) => never;

/** @throws TwinError, when called, that names the mapping. */
export function refusal({ logicalId, stackName }: Pick<ResolvedResource, 'logicalId' | 'stackName'>): Refuse {
  return (what) => {
    throw new TwinError('invalid-event-source', `event source mapping '${logicalId}' of stack '${stackName}': ${what}`);
  };
}

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly otherwise: number;
  /** -1, which AWS takes for "no limit", is accepted, too. */
  readonly orUnlimited?: boolean;
}

/** A whole number within AWS's range; -1 becomes `Infinity`. */
export function wholeNumber(name: string, value: unknown, range: NumberRange, refuse: Refuse): number {
  const { min, max, otherwise, orUnlimited = false } = range;
  if (value === undefined) return otherwise;
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  if (orUnlimited && number === -1) return Number.POSITIVE_INFINITY;
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  const or = orUnlimited ? ', or -1' : '';
  return refuse(`${name} must be a whole number from ${min} to ${max}${or}, got ${JSON.stringify(value)}`);
}

/** `true` and `'true'`. */
export function isTrue(value: boolean | string | undefined): boolean {
  return value === true || value === 'true';
}
