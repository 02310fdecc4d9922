import type { Input } from '../aws-call.ts';
import { validation } from './events-error.ts';

/** A text that must be there. @throws AwsError ValidationException */
export function requiredText(input: Input, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '') return value;
  const name = member.charAt(0).toLowerCase() + member.slice(1);
  throw validation(
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}
