import { AwsError } from '../aws-error.ts';

export function secretNotFound(message = "Secrets Manager can't find the specified secret."): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function secretExists(message: string): AwsError {
  return new AwsError('ResourceExistsException', message);
}
