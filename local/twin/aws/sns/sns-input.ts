import type { Input } from '../aws-call.ts';
import { invalidParameter } from './sns-error.ts';

/** A text that must be there. @throws AwsError InvalidParameter */
export function requiredText(input: Input, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '') return value;
  throw invalidParameter(`${member} Reason: no value for required parameter`);
}

/** A text that may be missing; the query protocol writes an empty one for that, too. */
export function optionalText(input: Input, member: string): string | undefined {
  const value = input[member];
  return value === undefined || value === null || value === '' ? undefined : String(value);
}
