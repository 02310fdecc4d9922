import type { IConstruct } from 'constructs';
import { quote } from './quote.ts';
import { SpillwayError } from './spillway-error.ts';

/** What a value has to be, and what to tell whoever gave another. */
export interface KindRule {
  readonly is: (value: unknown) => boolean;
  /** As in `must be an object`. */
  readonly expected: string;
  /** What to write instead. */
  readonly hint: string;
  /** `SpillwayError.code`. */
  readonly code: string;
  /** Construct whose path the message carries. @default - no path */
  readonly scope?: IConstruct | undefined;
}

/**
 * Refuses what is of another type than declared: Node runs a stage without asking the types, and whatever reads the value
 * next would fail without its name, or not at all.
 * @throws SpillwayError
 */
export function validateKind(subject: string, value: unknown, { is, expected, hint, code, scope }: KindRule): void {
  if (is(value)) return;
  throw new SpillwayError(code, `${subject} must be ${expected}, got ${quote(value)}; ${hint}`, scope);
}

/** What holds properties. */
export const AN_OBJECT = {
  is: (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value),
  expected: 'an object',
} as const;

export const AN_ARRAY = { is: Array.isArray, expected: 'an array' } as const;
