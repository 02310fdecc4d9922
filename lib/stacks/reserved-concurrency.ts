import type { IConstruct } from 'constructs';
import { SpillwayError } from '../spillway-error.ts';
import { validateWholeNumber } from '../validate.ts';
import { AN_OBJECT, validateKind } from '../validate-kind.ts';
import { SCALED_FUNCTIONS, type StageProps } from './stage-props.ts';

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
  validateScaling(scaling, scope);
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

/** A name that no function has would scale nothing, without a word. */
function validateScaling(scaling: StageProps['scaling'], scope: IConstruct): void {
  const rule = { ...AN_OBJECT, code: 'invalid-scaling', scope };
  validateKind('scaling', scaling, { ...rule, hint: 'write {} where all functions scale with the account' });
  const known = SCALED_FUNCTIONS.join(', ');
  for (const [name, value] of Object.entries(scaling)) {
    if (!SCALED_FUNCTIONS.some((scaled) => scaled === name)) {
      throw new SpillwayError(
        'unknown-function',
        `scaling must name functions of the stage (${known}), got '${name}'; name one of them, or remove it`,
        scope,
      );
    }
    validateKind(`scaling.${name}`, value, {
      ...rule,
      hint: 'give it reservedConcurrency or provisionedConcurrency, or remove it',
    });
  }
}
