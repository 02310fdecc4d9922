import type { Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

/** A text that must be there. @throws AwsError ValidationException */
export function requiredText(input: Input, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '') return value;
  const name = member.charAt(0).toLowerCase() + member.slice(1);
  throw validation(
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}

export function optionalText(input: Input, member: string): string | undefined {
  const value = input[member];
  return value === undefined || value === null ? undefined : String(value);
}
