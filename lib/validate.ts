import { Duration, type Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { quote } from './quote.ts';
import { SpillwayError } from './spillway-error.ts';

/** What a number has to satisfy, and what to tell whoever gave a wrong one. */
export interface NumberRule {
  /** Smallest accepted value. */
  readonly min: number;
  /** Largest accepted value. @default - no upper bound */
  readonly max?: number;
  /** Whether there is no default, so that `undefined` is refused too. @default - `undefined` passes */
  readonly required?: boolean;
  /** What to change, appended after a semicolon. @default - nothing is appended */
  readonly hint?: string;
  /** `SpillwayError.code`. @default 'invalid-number' */
  readonly code?: string;
  /** Whether a token is refused, as what is made of the value is written at synth. @default - tokens pass */
  readonly known?: boolean;
  /** Construct whose path the message carries. @default - no path */
  readonly scope?: IConstruct;
}

/** What AWS counts a duration in. */
export type DurationUnit = 'milliseconds' | 'seconds' | 'hours' | 'days';

const UNIT: Readonly<Record<DurationUnit, Duration>> = {
  milliseconds: Duration.millis(1),
  seconds: Duration.seconds(1),
  hours: Duration.hours(1),
  days: Duration.days(1),
};

/** What a duration has to satisfy. */
export interface DurationRule {
  readonly min: Duration;
  readonly max: Duration;
  /** What AWS counts it in; a fraction of it is refused. @default - fractions are accepted */
  readonly whole?: DurationUnit;
  /** What to change, appended after a semicolon. @default - nothing is appended */
  readonly hint?: string;
  /** `SpillwayError.code`. @default 'invalid-duration' */
  readonly code?: string;
  /** Whether a token is refused, as what is made of the value is written at synth. @default - tokens pass */
  readonly known?: boolean;
  /** Construct whose path the message carries. @default - no path */
  readonly scope?: IConstruct;
}

/**
 * Refuses everything but a whole number in bounds: zero, NaN, Infinity and fractions are compared, never coerced (`if
 * (value && …)` would let 0 and NaN through). `undefined` and tokens pass: the one is a default unless it is required, the other unknown.
 * @param subject how the message begins, such as `tier 'free': quota.requests`
 * @throws SpillwayError
 */
export function validateWholeNumber(subject: string, value: number | undefined, rule: NumberRule): void {
  if ((value === undefined && !rule.required) || isToken(subject, Token.isUnresolved(value), rule)) return;
  if (value !== undefined && Number.isInteger(value) && inBounds(value, rule)) return;
  refuse(
    `${subject} must be a whole number ${bounds(rule.min, rule.max)}, got ${quote(value)}`,
    'invalid-number',
    rule,
  );
}

/**
 * Refuses everything but a finite number in bounds; fractions are accepted, `undefined` and tokens pass.
 * @throws SpillwayError
 */
export function validateNumber(subject: string, value: number | undefined, rule: NumberRule): void {
  if ((value === undefined && !rule.required) || isToken(subject, Token.isUnresolved(value), rule)) return;
  if (value !== undefined && Number.isFinite(value) && inBounds(value, rule)) return;
  refuse(`${subject} must be a number ${bounds(rule.min, rule.max)}, got ${quote(value)}`, 'invalid-number', rule);
}

/**
 * Refuses a duration out of bounds, one that is no number, and a fraction of the rule's unit, at which CDK's own conversion
 * would throw without a name; `undefined` and tokens pass.
 * @throws SpillwayError
 */
export function validateDuration(subject: string, value: Duration | undefined, rule: DurationRule): void {
  if (value === undefined) return;
  // Node runs the file without asking the types, so it may be a number.
  if (typeof value?.toMilliseconds !== 'function') {
    refuse(
      `${subject} must be a Duration, got ${quote(value)}; write Duration.seconds(5), say`,
      'invalid-duration',
      rule,
    );
  }
  if (isToken(subject, value.isUnresolved(), rule)) return;
  const milliseconds = milli(value);
  const isWhole = rule.whole === undefined || Number.isInteger(milliseconds / milli(UNIT[rule.whole]));
  if (milliseconds >= milli(rule.min) && milliseconds <= milli(rule.max) && isWhole) return;
  const accepted = `between ${rule.min.toHumanString()} and ${rule.max.toHumanString()}`;
  const given = Number.isFinite(milliseconds) ? value.toHumanString() : String(milliseconds);
  refuse(
    `${subject} must be ${rule.whole ? `whole ${rule.whole} ` : ''}${accepted}, got ${given}`,
    'invalid-duration',
    rule,
  );
}

function milli(duration: Duration): number {
  return duration.toMilliseconds({ integral: false });
}

/**
 * Refuses a size that is not a whole number of mebibytes in bounds; `undefined` and tokens pass.
 * @throws SpillwayError
 */
export function validateMebibytes(subject: string, value: Size | undefined, rule: NumberRule): void {
  if (value === undefined) return;
  if (typeof value?.toMebibytes !== 'function') {
    refuse(`${subject} must be a Size, got ${quote(value)}; write Size.mebibytes(512), say`, 'invalid-size', rule);
  }
  if (value.isUnresolved()) return;
  const mebibytes = value.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
  if (Number.isInteger(mebibytes) && inBounds(mebibytes, rule)) return;
  refuse(`${subject} must be whole MiB ${bounds(rule.min, rule.max)}, got ${mebibytes} MiB`, 'invalid-size', rule);
}

function isToken(subject: string, isUnresolved: boolean, rule: NumberRule | DurationRule): boolean {
  if (!isUnresolved || !rule.known) return isUnresolved;
  throw new SpillwayError(
    'unknown-at-synth',
    `${subject} must be known at synth, got a token; write the value itself`,
    rule.scope,
  );
}

function inBounds(value: number, { min, max }: NumberRule): boolean {
  return value >= min && (max === undefined || value <= max);
}

function bounds(min: number, max: number | undefined): string {
  return max === undefined ? `of at least ${min}` : `between ${min} and ${max}`;
}

function refuse(message: string, code: string, rule: NumberRule | DurationRule): never {
  throw new SpillwayError(rule.code ?? code, rule.hint ? `${message}; ${rule.hint}` : message, rule.scope);
}
