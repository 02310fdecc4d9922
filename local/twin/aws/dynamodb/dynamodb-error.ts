import { AwsError } from '../aws-error.ts';

export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** The start of many messages of DynamoDB. */
export function invalidParameter(what: string): AwsError {
  return validationError(`One or more parameter values were invalid: ${what}`);
}

export const SCHEMA_MISMATCH = 'The provided key element does not match the schema';
