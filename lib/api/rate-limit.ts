import { FIRST_ROUTE_LIMIT_ID } from '../../lambdas/contract/limit-spec.ts';
import type { RouteSpecInput } from '../../lambdas/contract/route-spec.ts';
import { SpillwayError } from '../spillway-error.ts';
import { type Throttle, validateThrottle } from './throttle.ts';

/** Whom a limit counts. */
export const LimitBy = {
  /** The token's subject; there is none on a public route. */
  USER: 'user',
  /** The caller's address; of IPv6 the first 64 bits, which is what one household gets. */
  IP: 'ip',
} as const;
export type LimitBy = (typeof LimitBy)[keyof typeof LimitBy];

const LIMIT_BY = Object.values(LimitBy);
type LimitSpec = NonNullable<RouteSpecInput['limits']>[number];

export interface TokenBucketProps extends Throttle {
  /** Whom the bucket belongs to. */
  readonly by: LimitBy;
  /**
   * What callers see in `RateLimit-Policy`: lower-case letters, digits and hyphens.
   * @default - `user` or `ip`
   */
  readonly name?: string;
}

const NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** A limit of one route, enforced exactly and for each caller apart, in Valkey. */
export class RateLimit {
  /**
   * Token bucket: `burst` requests at once, `ratePerSecond` in the long run.
   * @throws SpillwayError for a rate, a burst or a name that means nothing
   */
  static tokenBucket(props: TokenBucketProps): RateLimit {
    const by: string = props.by;
    if (!LIMIT_BY.some((known) => known === by)) {
      const known = LIMIT_BY.map((value) => `'${value}'`).join(' or ');
      throw new SpillwayError('invalid-limit', `rate limit: by must be ${known}, got '${by}'`);
    }
    const name = props.name ?? props.by;
    if (!NAME.test(name)) {
      throw new SpillwayError(
        'invalid-limit',
        `rate limit: name must be lower-case letters, digits and hyphens, 32 at most, got '${name}'`,
      );
    }
    validateThrottle(`rate limit '${name}'`, props, { hint: 'remove the limit to switch it off' });
    return new RateLimit({
      name,
      id: FIRST_ROUTE_LIMIT_ID,
      algorithm: 'token-bucket',
      by: [props.by],
      ratePerSecond: props.ratePerSecond,
      burst: props.burst,
    });
  }

  /** The limit as it travels to the handler. */
  readonly spec: LimitSpec;

  private constructor(spec: LimitSpec) {
    this.spec = spec;
  }
}
