import type { Input } from './aws-call.ts';
import { AwsError } from './aws-error.ts';

/** Bounds of a member, as the services' models state them. */
export interface Constraint {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  /** Matched against the whole text. */
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
}

/**
 * Holds a member against its model, in the words that AWS's services share. `undefined` passes: whether it must be there is
 * another question.
 *
 * @param path member as AWS writes it: the first letter is small (`partitionKey`).
 * @throws AwsError ValidationException
 */
export function constrain(path: string, value: unknown, constraint: Constraint): void {
  if (value === undefined || value === null) return;
  const broken = brokenConstraint(value, constraint);
  if (broken === undefined) return;
  const shown = typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${shown}' at '${path}' failed to satisfy constraint: Member must ${broken}`,
  );
}

function brokenConstraint(value: unknown, constraint: Constraint): string | undefined {
  const { minLength, maxLength, min, max, pattern, oneOf } = constraint;
  const length = typeof value === 'string' || Array.isArray(value) ? value.length : Object.keys(value as object).length;
  if (minLength !== undefined && length < minLength) {
    return `have length greater than or equal to ${minLength}`;
  }
  if (maxLength !== undefined && length > maxLength) return `have length less than or equal to ${maxLength}`;
  if (min !== undefined && !(Number(value) >= min)) return `have value greater than or equal to ${min}`;
  if (max !== undefined && !(Number(value) <= max)) return `have value less than or equal to ${max}`;
  if (pattern && !new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(String(value))) {
    return `satisfy regular expression pattern: ${pattern.source}`;
  }
  if (oneOf && !oneOf.includes(String(value))) return `satisfy enum value set: [${oneOf.join(', ')}]`;
  return undefined;
}

/** A member that must be there. @throws AwsError ValidationException */
function required(path: string, value: unknown): void {
  if (value !== undefined && value !== null) return;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  );
}

/** A text that must be there, within its constraint. @throws AwsError ValidationException, SerializationException */
export function requiredText(input: Input, member: string, constraint: Constraint = {}): string {
  required(pathOf(member), input[member]);
  return optionalText(input, member, constraint) ?? '';
}

/** A text that may be missing. @throws AwsError ValidationException, SerializationException */
export function optionalText(input: Input, member: string, constraint: Constraint = {}): string | undefined {
  const value = input[member] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw notOfType(value, 'a String');
  constrain(pathOf(member), value, constraint);
  return value;
}

/** A whole number that may be missing. @throws AwsError ValidationException, SerializationException */
export function optionalInteger(input: Input, member: string, constraint: Constraint = {}): number | undefined {
  const value = input[member] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw notOfType(value, 'an Integer');
  constrain(pathOf(member), value, constraint);
  return value;
}

/** A list that must be there. @throws AwsError ValidationException, SerializationException */
export function requiredList<T = Input>(input: Input, member: string, constraint: Constraint = {}): readonly T[] {
  const value = input[member] ?? undefined;
  required(pathOf(member), value);
  if (!Array.isArray(value)) throw notOfType(value, 'a List');
  constrain(pathOf(member), value, constraint);
  return value as readonly T[];
}

function notOfType(value: unknown, type: string): AwsError {
  const shown = Array.isArray(value) ? 'START_ARRAY' : `${(typeof value).toUpperCase()}_VALUE`;
  return new AwsError('SerializationException', `${shown} can not be converted to ${type}`);
}

function pathOf(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1);
}
