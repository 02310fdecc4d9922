import type { Input } from '../aws-call.ts';
import { list } from '../lenient-members.ts';
import { invalidParameter, missingParameter } from './sqs-error.ts';

/** A text that must be there. @throws AwsError MissingParameter */
export function requiredText(input: Input, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '') return value;
  throw missingParameter(member);
}

/** A whole number within bounds, or `undefined`. @throws AwsError InvalidParameterValue with `reason` */
export function optionalNumber(
  input: Input,
  member: string,
  { min, max, reason }: { readonly min: number; readonly max: number; readonly reason: string },
): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw invalidParameter(value, member, reason);
}

export function textList(input: Input, member: string): readonly string[] {
  return list(input, member).map(String);
}
