import { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { STORE_FAILURE_POLICIES, type StoreFailurePolicy } from '../../lambdas/contract/admission-spec.ts';
import { SpillwayError } from '../spillway-error.ts';
import { validateDuration, validateWholeNumber } from '../validate.ts';

/** How all services of an API share the store that admits their requests. */
export interface AdmissionOptions {
  /**
   * What the limits do while the cache is gone: let all through, refuse all, or count in each environment alone. Written
   * out, since each is wrong for somebody: `allow` gives up the limits, `deny` the service, `local` exactness.
   */
  readonly onStoreFailure: StoreFailurePolicy;
  /**
   * Longest wait for the cache's answer: whole milliseconds, from 1 millisecond to 1 second. Within a VPC it takes about
   * one; but a function of 512 MiB has a third of a CPU, and may be paused for most of a 20 ms slice, twice in a row. A
   * wait cut short counts as a failure, after which the environment does without the cache for a moment, so too short is
   * worse than too long.
   * @default Duration.millis(50)
   */
  readonly storeTimeout?: Duration;
  /**
   * Parts that callers are hashed into, 1 to 64, by tenant, else by user, on public routes by network; one slot of the
   * cache carries some 30,000 units a second, and each part has a slot. Whatever their number, limits by USER and TENANT,
   * and by IP on public routes, are exact. All others (ROUTE, GLOBAL, API_KEY, claims, body fields, and IP on routes with
   * a scope) are divided among the parts, and rebalanced once a minute: in all never more than the limit and what a
   * rebalancing moves, but where load is uneven a part may refuse while another has some left.
   * @default 1
   */
  readonly admissionShards?: number;
}

const STORE_TIMEOUT_DEFAULT = Duration.millis(50);

/** The same with its defaults, as plain values. */
export interface StoreAccess {
  readonly onStoreFailure: StoreFailurePolicy;
  readonly storeTimeoutMs: number;
  readonly shards: number;
}

/** @throws SpillwayError for a policy that no handler knows, as from a value that is typed loosely, or a bad number */
export function storeAccess(options: AdmissionOptions, scope: IConstruct): StoreAccess {
  const { onStoreFailure, storeTimeout = STORE_TIMEOUT_DEFAULT, admissionShards = 1 } = options;
  if (!STORE_FAILURE_POLICIES.some((known) => known === onStoreFailure)) {
    const got = onStoreFailure === undefined ? 'nothing' : `'${onStoreFailure}'`;
    throw new SpillwayError(
      'invalid-policy',
      `api: onStoreFailure must be one of ${STORE_FAILURE_POLICIES.join(', ')}, got ${got}`,
      scope,
    );
  }
  validateDuration('api: storeTimeout', storeTimeout, {
    min: Duration.millis(1),
    max: Duration.seconds(1),
    whole: 'milliseconds',
    known: true,
    scope,
  });
  validateWholeNumber('api: admissionShards', admissionShards, {
    min: 1,
    max: 64,
    hint: 'leave it out for one',
    known: true,
    scope,
  });
  return { onStoreFailure, storeTimeoutMs: storeTimeout.toMilliseconds(), shards: admissionShards };
}
