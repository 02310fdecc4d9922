import type { Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';

/** `InvalidParameter`, whose message always starts alike. */
export function invalidParameter(what: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid parameter: ${what}`, { queryCode: 'InvalidParameter' });
}

export function notFound(what: 'Topic' | 'Subscription'): AwsError {
  return new AwsError('NotFoundException', `${what} does not exist`, { statusCode: 404, queryCode: 'NotFound' });
}

/** Tags are asked for by `ResourceArn`, and have an error of their own. */
export function resourceNotFound(): AwsError {
  return new AwsError('ResourceNotFoundException', 'Resource does not exist', {
    statusCode: 404,
    queryCode: 'ResourceNotFound',
  });
}

/** One of the errors of PublishBatch, whose codes are the names of their types. */
export function batchError(type: string, message: string): AwsError {
  return new AwsError(`${type}Exception`, message, { queryCode: type });
}

/** A text that must be there. @throws AwsError InvalidParameter */
export function requiredText(input: Input, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '') return value;
  throw invalidParameter(`${member} Reason: no value for required parameter`);
}

export function optionalText(input: Input, member: string): string | undefined {
  const value = input[member];
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

/** A map of texts; what the query protocol writes for an empty one is none. */
export function textMap(input: Input, member: string): Readonly<Record<string, string>> {
  const value = input[member];
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}

export function list<T>(input: Input, member: string): readonly T[] {
  const value = input[member];
  return Array.isArray(value) ? (value as readonly T[]) : [];
}
