import type { IConstruct } from 'constructs';
import { SpillwayError } from '../spillway-error.ts';
import { validateWholeNumber } from '../validate.ts';
import type { StageProps } from './stage-props.ts';

/** Concurrent executions of an account in a Region, unless AWS has raised them. */
const ACCOUNT_CONCURRENCY_DEFAULT = 1_000;
/** What Lambda keeps for functions without a reservation. */
const UNRESERVED_MIN = 100;

/**
 * Refuses reservations that the account could not hold together: Lambda keeps 100 of its concurrent executions for
 * functions without one, and fails the deployment halfway where they do not add up.
 * @throws SpillwayError
 */
export function validateReservedConcurrency(
  { scaling, accountConcurrency = ACCOUNT_CONCURRENCY_DEFAULT }: Pick<StageProps, 'scaling' | 'accountConcurrency'>,
  scope: IConstruct,
): void {
  validateWholeNumber('accountConcurrency', accountConcurrency, { min: 1, scope });
  const reserved = Object.entries(scaling).flatMap(([name, { reservedConcurrency }]) =>
    reservedConcurrency === undefined ? [] : [{ name, reservedConcurrency }],
  );
  if (reserved.length === 0) return;
  const sum = reserved.reduce((total, { reservedConcurrency }) => total + reservedConcurrency, 0);
  const max = accountConcurrency - UNRESERVED_MIN;
  if (sum <= max) return;
  const parts = reserved.map(({ name, reservedConcurrency }) => `${name} ${reservedConcurrency}`).join(', ');
  throw new SpillwayError(
    'concurrency-exceeded',
    `scaling: reservedConcurrency must come to at most ${max} in all, got ${sum} (${parts}); lower some, or set ` +
      'accountConcurrency to what AWS has raised it to',
    scope,
  );
}
