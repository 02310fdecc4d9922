import { Annotations, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { quote } from '../quote.ts';
import { SpillwayError } from '../spillway-error.ts';
import { validateWholeNumber } from '../validate.ts';
import { AN_OBJECT, validateKind } from '../validate-kind.ts';

/** A token bucket: what arrives evenly at `ratePerSecond` passes for ever, and `burst` requests pass at once. */
export interface Throttle {
  /** Requests per second that pass in the long run; any number above 0. */
  readonly ratePerSecond: number;
  /** Requests that pass at once after a quiet time: a whole number of at least 1. */
  readonly burst: number;
}

/** What AWS grants an account per Region by default; shared by all APIs in it, and raised on request. */
export const ACCOUNT_LIMITS_DEFAULT: Throttle = { ratePerSecond: 10_000, burst: 5_000 };

/**
 * Refuses a throttle that would let nothing through or means nothing; tokens pass.
 * @param subject how the message begins, such as `tier 'free': perUser`
 * @param options what to change, appended after a semicolon; and whether there has to be one
 * @throws SpillwayError
 */
export function validateThrottle(
  subject: string,
  throttle: Throttle | undefined,
  options: { readonly hint?: string; readonly scope?: IConstruct; readonly required?: boolean } = {},
): void {
  if (throttle === undefined && !options.required) return;
  validateKind(subject, throttle, {
    ...AN_OBJECT,
    hint: withHint('give it ratePerSecond and burst', options.hint),
    code: 'invalid-rate',
    scope: options.scope,
  });
  const { ratePerSecond, burst } = throttle as Throttle;
  if (!Token.isUnresolved(ratePerSecond) && !(Number.isFinite(ratePerSecond) && ratePerSecond > 0)) {
    const message = `${subject}.ratePerSecond must be a number above 0, got ${quote(ratePerSecond)}`;
    throw new SpillwayError('invalid-rate', withHint(message, options.hint), options.scope);
  }
  validateWholeNumber(`${subject}.burst`, burst, { min: 1, code: 'invalid-burst', ...options, required: true });
}

/**
 * Warns about a throttle that a wider one makes pointless. AWS accepts it and enforces the lower of the two, so this is
 * no error, but whoever wrote the higher number believes something that is not so.
 */
export function warnAboveBound(
  scope: IConstruct,
  warning: {
    readonly id: string;
    readonly subject: string;
    readonly throttle: Throttle | undefined;
    readonly bound: Throttle;
    readonly boundSubject: string;
    readonly hint: string;
  },
): void {
  for (const field of ['ratePerSecond', 'burst'] as const) {
    const value = warning.throttle?.[field];
    const bound = warning.bound[field];
    if (value === undefined || Token.isUnresolved(value) || Token.isUnresolved(bound) || value <= bound) continue;
    Annotations.of(scope).addWarningV2(
      `spillway:${warning.id}`,
      `${warning.subject}.${field} is ${value}, above ${warning.boundSubject} of ${bound}; ${warning.hint}`,
    );
  }
}

function withHint(message: string, hint: string | undefined): string {
  return hint === undefined ? message : `${message}; ${hint}`;
}
