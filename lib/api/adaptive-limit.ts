import type { IConstruct } from 'constructs';
import type { AdaptiveLimitSpec } from '../../lambdas/contract/admission-spec.ts';
import { SpillwayError } from '../spillway-error.ts';
import { validateWholeNumber } from '../validate.ts';

/** Bounds of what a service works on at a time, in requests in flight over the whole fleet. */
export interface AdaptiveLimitProps {
  /** Fewest, which it never sheds below: from the API's `admissionShards` to `max`. @default - 20, or `max` where that is less */
  readonly min?: number;
  /** Most: up to `reservedConcurrency`, or 100,000 without one. @default - 200, or `reservedConcurrency` where that is less */
  readonly max?: number;
  /** Where it begins, and begins again after a quiet time: from `min` to `max`. @default - halfway between the two */
  readonly initial?: number;
}

/** What else bounds an adaptive limit. */
export interface AdaptiveLimitBounds {
  /** How messages begin, such as `service 'Feed'`. */
  readonly subject: string;
  readonly reservedConcurrency: number | undefined;
  readonly shards: number;
  readonly scope: IConstruct;
}

const MIN_DEFAULT = 20;
const MAX_DEFAULT = 200;
/** Beyond what any account has been granted, so that a number with a digit too many is seen. */
const MAX_BOUND = 100_000;

/** How the number of requests that a service works on at a time follows what it can bear. */
export class AdaptiveLimit {
  /**
   * Shrinks as latency grows beyond what it was (Netflix concurrency-limits, Gradient2), before anything fails. For
   * services whose latency says how loaded they are, as most do.
   */
  static gradient(props: AdaptiveLimitProps = {}): AdaptiveLimit {
    return new AdaptiveLimit('gradient', props);
  }

  /** Grows by one at a time, and shrinks by a tenth when a request fails or is late (AIMD). */
  static aimd(props: AdaptiveLimitProps = {}): AdaptiveLimit {
    return new AdaptiveLimit('aimd', props);
  }

  /** Load is not measured, and nothing is shed or parked, whatever its priority. */
  static off(): AdaptiveLimit {
    return new AdaptiveLimit(undefined, {});
  }

  private readonly algorithm: AdaptiveLimitSpec['algorithm'] | undefined;
  private readonly props: AdaptiveLimitProps;

  private constructor(algorithm: AdaptiveLimitSpec['algorithm'] | undefined, props: AdaptiveLimitProps) {
    this.algorithm = algorithm;
    this.props = props;
  }

  /**
   * As it travels to the handler; `undefined` where it is off.
   * @throws SpillwayError for bounds that mean nothing, alone or beside the others
   */
  spec({ subject, reservedConcurrency, shards, scope }: AdaptiveLimitBounds): AdaptiveLimitSpec | undefined {
    if (this.algorithm === undefined) return undefined;
    // A token passes, and what makes no sense is refused by the function itself, in words of its own.
    const isBounded =
      reservedConcurrency !== undefined && Number.isInteger(reservedConcurrency) && reservedConcurrency > 0;
    const bound = isBounded ? reservedConcurrency : MAX_BOUND;
    if (bound < shards) {
      throw new SpillwayError(
        'invalid-adaptive-limit',
        `${subject}: reservedConcurrency must be at least ${shards}, a request for each of the admissionShards, got ${bound}`,
        scope,
      );
    }
    const max = this.props.max ?? Math.min(MAX_DEFAULT, bound);
    const min = this.props.min ?? Math.min(Math.max(MIN_DEFAULT, shards), max);
    const initial = this.props.initial ?? Math.floor((min + max) / 2);
    const rule = { code: 'invalid-adaptive-limit', known: true, scope };
    validateWholeNumber(`${subject}: adaptiveLimit.max`, max, {
      ...rule,
      min: shards,
      max: bound,
      hint: `it lies between admissionShards and ${isBounded ? 'reservedConcurrency' : 'what an account may have'}`,
    });
    validateWholeNumber(`${subject}: adaptiveLimit.min`, min, {
      ...rule,
      min: shards,
      max,
      hint: 'it lies between admissionShards, of which each needs room for a request, and max',
    });
    validateWholeNumber(`${subject}: adaptiveLimit.initial`, initial, {
      ...rule,
      min,
      max,
      hint: 'it lies between min and max',
    });
    return { algorithm: this.algorithm, min, max, initial };
  }
}
