import type { Input } from './aws-call.ts';
import { AwsError } from './aws-error.ts';

/** A member that must be a string. @throws AwsError ValidationException */
export function requiredString(input: Input, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** A member that may be missing. */
export function optionalString(input: Input, member: string): string | undefined {
  return input[member] === undefined || input[member] === null ? undefined : requiredString(input, member);
}
