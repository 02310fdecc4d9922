import type { IConstruct } from 'constructs';
import { RESERVED_CONCURRENCY_MAX } from '../compute/service-function.ts';
import { SpillwayError } from '../spillway-error.ts';
import type { StageProps } from './stage-props.ts';

/**
 * Refuses reservations that no account could hold together: Lambda keeps 100 of an account's concurrent executions
 * for functions without one, and fails the deployment halfway where they do not add up.
 * @throws SpillwayError
 */
export function validateReservedConcurrency(scaling: StageProps['scaling'], scope: IConstruct): void {
  const reserved = Object.entries(scaling).flatMap(([name, { reservedConcurrency }]) =>
    reservedConcurrency === undefined ? [] : [{ name, reservedConcurrency }],
  );
  const sum = reserved.reduce((total, { reservedConcurrency }) => total + reservedConcurrency, 0);
  if (sum <= RESERVED_CONCURRENCY_MAX) return;
  const parts = reserved.map(({ name, reservedConcurrency }) => `${name} ${reservedConcurrency}`).join(', ');
  throw new SpillwayError(
    'concurrency-exceeded',
    `scaling: reservedConcurrency must come to at most ${RESERVED_CONCURRENCY_MAX} in all, got ${sum} (${parts}); lower some`,
    scope,
  );
}
