import type { InferInput } from 'valibot';
import type { LimitAlgorithm, LimitSpec } from '../../lambdas/contract/limit-spec.ts';
import { SpillwayError } from '../spillway-error.ts';
import { validateWholeNumber } from '../validate.ts';
import { AN_OBJECT, validateKind } from '../validate-kind.ts';
import { LimitBy, validateLimitBy } from './limit-by.ts';
import {
  FIXED_WINDOW_MAX,
  SLIDING_LOG_MAX,
  SLIDING_WINDOW_MAX,
  validateRate,
  validateWindow,
  type WindowNumbers,
} from './limit-numbers.ts';
import { RequestCost } from './request-cost.ts';
import type { Throttle } from './throttle.ts';

/** What all limits have in common. */
export interface LimitOptions {
  /** Whom, or what, it counts; of several, each combination apart. */
  readonly by: LimitBy | readonly LimitBy[];
  /**
   * What callers see in `RateLimit-Policy`, and what metrics and levers call it: lower-case letters, digits and hyphens.
   * @default - what it counts by, such as `user` or `user-ip`
   */
  readonly name?: string;
  /** What a request takes. @default RequestCost.fixed(1) */
  readonly cost?: RequestCost;
  /** Whether it only counts, logs and measures what it would have refused. @default false */
  readonly dryRun?: boolean;
}

/** Fills at `ratePerSecond`, any number above 0, up to `burst`, a whole number up to 500,000. */
export interface RateLimitProps extends LimitOptions, Throttle {}

/** At most `max` units of cost in `window`. */
export interface WindowLimitProps extends LimitOptions, WindowNumbers {}

/** The limit as it travels to the handler, but for its id, which comes with its route. */
export type LimitDefinition = WithoutId<InferInput<typeof LimitSpec>>;
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

const NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** A limit of one route, enforced exactly, in Valkey; the route's limits are taken all or none. */
export class RateLimit {
  /**
   * Token bucket: `burst` requests at once, `ratePerSecond` in the long run.
   * @throws SpillwayError for a rate, a burst, a cost or a name that means nothing
   */
  static tokenBucket(props: RateLimitProps): RateLimit {
    return RateLimit.ofRate('token-bucket', props);
  }

  /**
   * Generic cell rate algorithm (ITU-T I.371): admits what the token bucket admits, and keeps but one time for it.
   * @throws SpillwayError for a rate, a burst, a cost or a name that means nothing
   */
  static gcra(props: RateLimitProps): RateLimit {
    return RateLimit.ofRate('gcra', props);
  }

  /**
   * Fixed window: `max` in each window of the clock (UTC), so that up to twice as many may pass around its end.
   * @throws SpillwayError for a maximum, a window, a cost or a name that means nothing
   */
  static fixedWindow(props: WindowLimitProps): RateLimit {
    return RateLimit.ofWindow('fixed-window', props, FIXED_WINDOW_MAX);
  }

  /**
   * Sliding window counter: this window's count and a part of the last one's. Near to exact, in ten bytes.
   * @throws SpillwayError for a maximum above 10,000,000, or a window, a cost or a name that means nothing
   */
  static slidingWindow(props: WindowLimitProps): RateLimit {
    return RateLimit.ofWindow('sliding-window', props, SLIDING_WINDOW_MAX);
  }

  /**
   * Sliding window log: exact at any moment, for up to 1,000, as it keeps ten bytes of each request.
   * @throws SpillwayError for a maximum above 1,000, or a window, a cost or a name that means nothing
   */
  static slidingLog(props: WindowLimitProps): RateLimit {
    return RateLimit.ofWindow('sliding-log', props, SLIDING_LOG_MAX, 'use RateLimit.slidingWindow for more');
  }

  private static ofRate(algorithm: 'token-bucket' | 'gcra', props: RateLimitProps): RateLimit {
    validateProps(props);
    const by = validateLimitBy(props.by);
    const name = validName(props.name, by);
    const { ratePerSecond, burst } = props;
    validateRate(`rate limit '${name}'`, props);
    return new RateLimit(by, { algorithm, name, ...shared(name, by, props, burst, 'burst'), ratePerSecond, burst });
  }

  private static ofWindow(
    algorithm: Exclude<LimitAlgorithm, 'token-bucket' | 'gcra'>,
    props: WindowLimitProps,
    bound: number,
    hint?: string,
  ): RateLimit {
    validateProps(props);
    const by = validateLimitBy(props.by);
    const name = validName(props.name, by);
    const { max, window } = props;
    validateWindow(`rate limit '${name}'`, props, bound, hint);
    const windowSeconds = window.toSeconds();
    return new RateLimit(by, { algorithm, name, ...shared(name, by, props, max, 'max'), max, windowSeconds });
  }

  readonly by: readonly LimitBy[];
  readonly definition: LimitDefinition;

  private constructor(by: readonly LimitBy[], definition: LimitDefinition) {
    this.by = by;
    this.definition = definition;
  }

  get name(): string {
    return this.definition.name;
  }

  /**
   * Whether all that it counts comes through one admission shard, so that it is exact however many there are. The shard is
   * that of the caller's tenant, else of the user; on a public route that of the network.
   */
  isWithinShard(isPublic: boolean): boolean {
    return isPublic ? this.by.includes(LimitBy.IP) : this.by.includes(LimitBy.USER) || this.by.includes(LimitBy.TENANT);
  }
}

function validateProps(props: unknown): void {
  validateKind('rate limit: props', props, {
    ...AN_OBJECT,
    hint: 'give it by and the numbers of the limit',
    code: 'invalid-limit',
  });
}

function validName(given: string | undefined, by: readonly LimitBy[]): string {
  const name = given ?? by.map(({ defaultName }) => defaultName).join('-');
  if (NAME.test(name)) return name;
  const hint = given === undefined ? '; set name, as what it counts by makes none' : '';
  throw new SpillwayError(
    'invalid-limit',
    `rate limit: name must be lower-case letters, digits and hyphens, 32 at most, got '${name}'${hint}`,
  );
}

/** What is as by default is left out: a function's environment has 4 KB. */
function shared(name: string, by: readonly LimitBy[], { cost, dryRun }: LimitOptions, most: number, bound: string) {
  validateKind(`rate limit '${name}': cost`, cost, {
    is: (value) => value === undefined || value instanceof RequestCost,
    expected: 'a RequestCost',
    hint: 'use RequestCost.fixed(…) or RequestCost.reported(…)',
    code: 'invalid-cost',
  });
  validateWholeNumber(`rate limit '${name}': cost`, cost?.units, {
    min: 1,
    max: most,
    code: 'invalid-cost',
    hint: `a request that costs more than ${bound} could never be admitted`,
  });
  return {
    by: by.map(({ value }) => value),
    ...(cost && cost.units !== 1 && { cost: cost.units }),
    ...(cost?.isReported && { settled: true }),
    ...(dryRun && { dryRun }),
  };
}
