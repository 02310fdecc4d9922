import type { Input } from '../aws-call.ts';
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm } from './checksum.ts';
import type { Body, Expected } from './receive-body.ts';
import { s3Error } from './s3-error.ts';

/** A member as text; `undefined` where it is missing. Numbers come as texts over HTTP. */
export function text(input: Input, name: string): string | undefined {
  const value = input[name];
  return value === undefined || value === null ? undefined : String(value);
}

/** @throws AwsError where it is missing. */
export function requiredText(input: Input, name: string): string {
  const value = text(input, name);
  if (value === undefined || value === '')
    throw s3Error('InvalidArgument', `${name} is required`, { ArgumentName: name });
  return value;
}

/** A whole number from 0 to `max`; a greater one is `max`. @throws AwsError InvalidArgument */
export function count(input: Input, name: string, max: number): number {
  const value = text(input, name);
  if (value === undefined || value === '') return max;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0) return Math.min(number, max);
  throw s3Error('InvalidArgument', `Provided ${name} not an integer or within integer range`, {
    ...{ ArgumentName: name, ArgumentValue: value },
  });
}

export function bodyOf(input: Input): Body {
  return input.Body as Body;
}

/** What the request says its body is: of calls inside of the process nothing but what members say. */
export function expectedOf(input: Input): Expected {
  const md5 = text(input, 'ContentMD5');
  return { ...(input.Expected as Expected | undefined), ...(md5 !== undefined && { md5 }) };
}

/** @throws AwsError InvalidRequest where there is no such algorithm. */
export function checksumAlgorithm(input: Input): ChecksumAlgorithm | undefined {
  const value = text(input, 'ChecksumAlgorithm');
  if (value === undefined) return undefined;
  const found = CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === value.toUpperCase());
  if (!found) throw s3Error('InvalidRequest', 'Checksum algorithm provided is unsupported.');
  return found;
}
